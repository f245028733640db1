"""Administrations and companies."""

import re
from datetime import date

from sqlalchemy.orm.exc import StaleDataError
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as siren_rules

from app.accounts.enums import AdministrationKind, OrganisationKind, VendorKind, VendorSize
from app.accounts.models import Organisation
from app.accounts.queries import find_organisation_by_siren
from app.audit.services import record
from app.core.db import db, flush_for_id
from app.core.errors import Conflict, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.core.slugs import unique_slug
from app.permissions import Actor, Permission, require


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
    require(actor, Permission.ORGANISATION_EDIT, on=organisation)
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
