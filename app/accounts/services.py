"""Organisations, people and sign-in."""

import re
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as siren_rules

from app.accounts import passwords
from app.accounts.enums import AdministrationKind, OrganisationKind, VendorKind, VendorSize
from app.accounts.models import Membership, Organisation, User
from app.accounts.queries import find_organisation_by_siren, find_user_by_email
from app.audit.services import record
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import Conflict, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.core.slugs import unique_slug
from app.permissions import SYSTEM, Actor, Permission, Role, require


def clean_siren(value: str | None) -> str | None:
    """Nine digits whose check digit holds, or None when empty. Raises RuleBroken on field `siren`."""
    compact = re.sub(r"[\s.-]", "", value or "")
    if not compact:
        return None
    try:
        return str(siren_rules.validate(compact))
    except ValidationError as error:
        message = _(
            "Ce numéro SIREN n’est pas valide : vérifiez ses neuf chiffres, dont le dernier est une clé."
        )
        raise RuleBroken(fields={"siren": message}) from error


def register_administration(
    actor: Actor,
    *,
    name: str,
    administration_kind: AdministrationKind,
    acronym: str = "",
    siren: str | None = None,
    website: str = "",
    description: str = "",
    source: str = "",
    source_on: date | None = None,
) -> Organisation:
    require(actor, Permission.IMPORT_RUN)
    return _add_organisation(
        actor,
        Organisation(
            kind=OrganisationKind.ADMINISTRATION,
            name=name,
            acronym=acronym,
            siren=clean_siren(siren),
            administration_kind=administration_kind,
            website=website,
            description=description,
            source=source,
            source_on=source_on,
            slug=unique_slug(Organisation.slug, acronym or name),
        ),
    )


def register_vendor(
    actor: Actor,
    *,
    name: str,
    vendor_kind: VendorKind,
    vendor_size: VendorSize | None = None,
    siren: str | None = None,
    vat_number: str | None = None,
    country: str = "FR",
    city: str = "",
    website: str = "",
    description: str = "",
    is_demo: bool = False,
    source: str = "",
    source_on: date | None = None,
) -> Organisation:
    """Anyone may register a company; a French one needs a SIREN that nobody has registered yet."""
    checked = clean_siren(siren)
    if country == "FR" and checked is None:
        raise RuleBroken(fields={"siren": _("Indiquez le numéro SIREN de l’entreprise.")})
    if checked and find_organisation_by_siren(checked) is not None:
        raise RuleBroken(
            fields={"siren": _("Cette entreprise est déjà inscrite : demandez un accès à ses responsables.")}
        )
    return _add_organisation(
        actor,
        Organisation(
            kind=OrganisationKind.VENDOR,
            name=name,
            siren=checked,
            vat_number=vat_number or None,
            vendor_kind=vendor_kind,
            vendor_size=vendor_size,
            country=country,
            city=city,
            website=website,
            description=description,
            is_demo=is_demo,
            source=source,
            source_on=source_on,
            slug=unique_slug(Organisation.slug, name),
        ),
    )


def _add_organisation(actor: Actor, organisation: Organisation) -> Organisation:
    db.session.add(organisation)
    flush_for_id()
    record(actor, "organisation.registered", organisation, name=organisation.name)
    return organisation


def edit_vendor(
    actor: Actor,
    organisation: Organisation,
    *,
    expected_version: int,
    name: str,
    vendor_kind: VendorKind,
    vendor_size: VendorSize | None,
    city: str,
    website: str,
    description: str,
) -> None:
    require(actor, Permission.ORGANISATION_EDIT, organisation_id=organisation.id)
    if organisation.kind is not OrganisationKind.VENDOR:
        raise InvalidTransition(_("Cette organisation n’est pas une entreprise."))
    if organisation.version != expected_version:
        raise Conflict(_("Cette fiche a été modifiée entre-temps par une autre personne."))
    organisation.name, organisation.vendor_kind, organisation.vendor_size = name, vendor_kind, vendor_size
    organisation.city, organisation.website, organisation.description = city, website, description
    try:
        db.session.flush()  # the version column speaks now, while we can still word it
    except StaleDataError as error:
        raise Conflict(_("Cette fiche a été modifiée entre-temps par une autre personne.")) from error
    record(actor, "organisation.edited", organisation)


def register_user(
    actor: Actor,
    *,
    email: str,
    name: str,
    password: str,
    language: str = "fr",
    is_demo: bool = False,
    known_hash: str = "",
) -> User:
    """Create an account. Raises RuleBroken on `email` when taken, on `password` when too short.

    `known_hash` spares hashing the same password again, when many demonstration accounts share it."""
    if len(password) < passwords.MINIMUM_LENGTH:
        message = _("Choisissez un mot de passe d’au moins %(n)d caractères.", n=passwords.MINIMUM_LENGTH)
        raise RuleBroken(fields={"password": message})
    user = User(
        email=email.strip().lower(),
        name=name,
        password_hash=known_hash or passwords.hash_password(password),
        language=language,
        is_demo=is_demo,
    )
    try:
        with db.session.begin_nested():  # so that a taken address undoes nothing else
            db.session.add(user)
            flush_for_id()
    except IntegrityError as error:
        message = _(
            "Un compte existe déjà à cette adresse : connectez-vous, ou choisissez un nouveau mot de passe."
        )
        raise RuleBroken(fields={"email": message}) from error
    record(actor, "user.registered", user)
    return user


def add_member(actor: Actor, organisation: Organisation, user: User, role: Role) -> Membership:
    """Give a person a role in an organisation; calling again changes nothing."""
    query = sa.select(Membership).filter_by(user_id=user.id, organisation_id=organisation.id, role=role)
    membership = db.session.scalars(query).one_or_none()
    if membership is None:
        membership = Membership(user=user, organisation=organisation, role=role)
        db.session.add(membership)
        record(actor, "membership.added", organisation, user_id=user.id, role=role.value)
    return membership


def authenticate(*, email: str, password: str) -> User | None:
    """The person when address and password agree, else None, in the same time either way."""
    user = find_user_by_email(email)
    stored = user.password_hash if user else passwords.unknown_user_hash()
    if not passwords.verify_password(stored, password) or user is None:
        return None
    user.signed_in_at = now()
    record(Actor(user_id=user.id), "user.signed_in", user)
    return user


def choose_password(user: User, *, password: str) -> None:
    """Set a new password; every link sent before stops working, since it carries the old hash's mark."""
    if len(password) < passwords.MINIMUM_LENGTH:
        message = _("Choisissez un mot de passe d’au moins %(n)d caractères.", n=passwords.MINIMUM_LENGTH)
        raise RuleBroken(fields={"password": message})
    user.password_hash = passwords.hash_password(password)
    record(Actor(user_id=user.id), "user.password_changed", user)


def choose_language(user: User, language: str) -> None:
    user.language = language


def register_company(
    *,
    email: str,
    person: str,
    password: str,
    company: str,
    siren: str | None,
    country: str,
    vendor_kind: VendorKind,
    vendor_size: VendorSize | None,
) -> User:
    """Sign-up of a vendor: the company, its first account and the vendor role, all or nothing."""
    organisation = register_vendor(
        SYSTEM, name=company, siren=siren, country=country, vendor_kind=vendor_kind, vendor_size=vendor_size
    )
    user = register_user(SYSTEM, email=email, name=person, password=password)
    add_member(SYSTEM, organisation, user, Role.VENDOR)
    return user
