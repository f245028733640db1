"""Administrations and companies."""

import re
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as siren_rules
from stdnum.fr import siret as siret_rules

from app.accounts.enums import AdministrationKind, OrganisationKind, Standing, VendorKind, VendorSize
from app.accounts.models import Organisation
from app.accounts.queries import find_organisation_by_siren
from app.accounts.services.identity import name_organisation
from app.accounts.signals import vendor_saved
from app.audit.services import record
from app.core.db import db, flush_for_id
from app.core.errors import Conflict, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.core.slugs import unique_slug
from app.permissions import Actor, Permission, can, require

LA_POSTE = "356000000"


def clean_siren(value: str | None) -> str | None:
    """Nine digits whose check digit holds, or None when empty; those of a SIRET typed in its place are kept.
    Raises RuleBroken on field `siren`."""
    compact = re.sub(r"[\s.-]", "", value or "")
    if not compact:
        return None
    if is_siret(compact):
        return compact[:9]
    try:
        return str(siren_rules.validate(compact))
    except ValidationError as error:
        message = _(
            "Ce numéro SIREN n’est pas valide : vérifiez ses neuf chiffres, dont le dernier est une clé."
        )
        raise RuleBroken(fields={"siren": message}) from error


def is_siret(value: str | None) -> bool:
    """Whether these are the fourteen digits of an establishment. Those of La Poste have no check digit: their
    sum is a multiple of five (INSEE)."""
    compact = re.sub(r"[\s.-]", "", value or "")
    if not re.fullmatch(r"[0-9]{14}", compact):
        return False
    if compact.startswith(LA_POSTE) and sum(map(int, compact)) % 5 == 0:
        return True
    return bool(siret_rules.is_valid(compact))


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
    awaits_check: bool = False,
) -> Organisation:
    """Anyone may register a company; a French one needs a SIREN that nobody has registered yet. Unless who
    registers it may also check it, nobody sees it before a moderator has, or its first person's address."""
    checked = clean_siren(siren)
    if country == "FR" and checked is None:
        raise RuleBroken(fields={"siren": _("Indiquez le numéro SIREN de l’entreprise.")})
    if checked and find_organisation_by_siren(checked) is not None:
        raise _already_there()
    organisation = _add_organisation(
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
        awaits_check=awaits_check,
    )
    vendor_saved.send(organisation.id, actor=actor)
    return organisation


def _already_there() -> RuleBroken:
    message = _(
        "Cette entreprise est déjà inscrite : cochez « Demander à la rejoindre », ses "
        "gestionnaires répondront."
    )
    return RuleBroken(fields={"siren": message})


def _add_organisation(
    actor: Actor, organisation: Organisation, *, awaits_check: bool = False
) -> Organisation:
    if can(actor, Permission.IMPORT_RUN) and not awaits_check:
        known = _("Organisation de démonstration.") if organisation.is_demo else organisation.source
        organisation.check_evidence = known or _("Inscrite par la modération.")
    else:
        organisation.standing = Standing.WAITING
    try:
        with db.session.begin_nested():  # of two at the same instant, the database keeps one
            db.session.add(organisation)
            flush_for_id()
    except IntegrityError as error:
        raise _already_there() from error
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
    siren: str | None = None,
) -> bool:
    """Edit one's company. False when its new name or identifier waits for a moderator; the rest is saved
    at once. An identifier left out stays as it is."""
    require(actor, Permission.ORGANISATION_EDIT, on=organisation)
    if organisation.kind is not OrganisationKind.VENDOR:
        raise InvalidTransition(_("Cette organisation n’est pas une entreprise."))
    if organisation.version != expected_version:
        raise Conflict(_("Cette fiche a été modifiée entre-temps par une autre personne."))
    asked = clean_siren(siren) or organisation.siren
    applied = name_organisation(actor, organisation, name=name, siren=asked)
    organisation.vendor_kind, organisation.vendor_size = vendor_kind, vendor_size
    organisation.city, organisation.website, organisation.description = city, website, description
    flag_modified(organisation, "name")  # a change that waits counts too: the next editor has to read it
    try:
        db.session.flush()  # the version column speaks now, while we can still word it
    except StaleDataError as error:
        raise Conflict(_("Cette fiche a été modifiée entre-temps par une autre personne.")) from error
    record(actor, "organisation.edited", organisation)
    vendor_saved.send(organisation.id, actor=actor)
    return applied
