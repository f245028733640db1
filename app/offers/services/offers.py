"""Writing offers: create, edit, publish, withdraw."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.enums import OrganisationKind
from app.accounts.models import Organisation
from app.audit.services import record
from app.core.checks import is_web_address, text_errors, web_address_error
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import Conflict, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.core.slugs import unique_slug
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer
from app.offers.services.checks import checked_licence, require_on
from app.offers.signals import offer_changed
from app.permissions import Actor, Permission
from app.reference.models import Category
from app.reference.queries import categories_by_code

MINIMUM_DESCRIPTION = 40


class OfferContent(TypedDict, total=False):
    """What may be written about an offer; what is left out keeps its value."""

    summary: str
    description: str
    categories: Sequence[str]
    language: str
    licence: str | None
    website: str
    price_note: str
    lead_time_days: int | None
    users_scope: str
    circle: int | None
    source: str
    source_on: date | None


def create_offer(
    actor: Actor,
    *,
    organisation: Organisation | None,
    name: str,
    kind: OfferKind = OfferKind.MARKET,
    import_key: str | None = None,
    **content: Unpack[OfferContent],
) -> Offer:
    """A draft offer. `categories` are CPV codes, `licence` an SPDX expression."""
    require_on(actor, Permission.OFFER_CREATE, kind, organisation)
    _check_owner(kind, organisation)
    offer = Offer(kind=kind, organisation=organisation, import_key=import_key)
    _fill(offer, _checked(kind, {"name": name, **content}))
    offer.slug = unique_slug(Offer.slug, offer.name)
    db.session.add(offer)
    flush_for_id()
    record(actor, "offer.created", offer, name=offer.name)
    offer_changed.send(offer.id)
    return offer


def edit_offer(
    actor: Actor,
    offer: Offer,
    *,
    expected_version: int,
    name: str | None = None,
    **content: Unpack[OfferContent],
) -> bool:
    """Change an offer; False when nothing differs. Raises Conflict when somebody else saved in between."""
    require_on(actor, Permission.OFFER_EDIT, offer.kind, offer.organisation)
    if offer.version != expected_version:
        raise Conflict(_conflict_message())
    values: dict[str, Any] = dict(content) if name is None else {"name": name, **content}
    changed = _fill(offer, _checked(offer.kind, values))
    if not changed:
        return False
    if offer.status is OfferStatus.PUBLISHED:
        _check_publishable(offer)
    _save(offer)
    record(actor, "offer.edited", offer, fields=changed, version=offer.version)
    offer_changed.send(offer.id)
    return True


def publish_offer(actor: Actor, offer: Offer) -> None:
    """Show a draft, or a withdrawn offer again, to everyone and to the matching."""
    require_on(actor, Permission.OFFER_EDIT, offer.kind, offer.organisation)
    if offer.status is OfferStatus.PUBLISHED:
        raise InvalidTransition(_("Cette offre est déjà publiée."))
    _check_publishable(offer)
    offer.status, offer.published_at = OfferStatus.PUBLISHED, now()
    _save(offer)
    record(actor, "offer.published", offer)
    offer_changed.send(offer.id)


def withdraw_offer(actor: Actor, offer: Offer) -> None:
    """Take a published offer out of the catalogue and of the matching; it can be published again."""
    require_on(actor, Permission.OFFER_EDIT, offer.kind, offer.organisation)
    if offer.status is not OfferStatus.PUBLISHED:
        raise InvalidTransition(_("Seule une offre publiée peut être retirée."))
    offer.status = OfferStatus.WITHDRAWN
    _save(offer)
    record(actor, "offer.withdrawn", offer)
    offer_changed.send(offer.id)


def _check_owner(kind: OfferKind, organisation: Organisation | None) -> None:
    if kind is OfferKind.FREE_SOFTWARE:
        return
    expected = OrganisationKind.VENDOR if kind is OfferKind.MARKET else OrganisationKind.ADMINISTRATION
    if organisation is None or organisation.kind is not expected:
        wording = {
            OrganisationKind.VENDOR: _("Une offre du marché appartient à une entreprise."),
            OrganisationKind.ADMINISTRATION: _("Une solution mutualisée appartient à une administration."),
        }
        raise RuleBroken(fields={"organisation": wording[expected]})


def _checked(kind: OfferKind, values: dict[str, Any]) -> dict[str, Any]:
    """The values as they may be stored. Raises RuleBroken naming every field at fault."""
    checked: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in values.items()
    }
    fields = text_errors(Offer, checked)
    if "name" in checked and not checked["name"]:
        fields["name"] = _("Donnez un nom à cette offre.")
    if checked.get("website") and not is_web_address(checked["website"]):
        fields["website"] = web_address_error()
    if (checked.get("lead_time_days") or 0) < 0:
        fields["lead_time_days"] = _("Saisissez un nombre de jours positif.")
    if checked.get("circle") and (kind is not OfferKind.MUTUALISED or checked["circle"] not in {1, 2, 3}):
        fields["circle"] = _("Le cercle, de 1 à 3, ne concerne que les solutions mutualisées.")
    for field, check in (("licence", checked_licence), ("categories", _known_categories)):
        try:
            if field in checked:
                checked[field] = check(checked[field])
        except RuleBroken as error:
            fields.update(error.fields)
    if fields:
        raise RuleBroken(fields=fields)
    return checked


def _known_categories(codes: Sequence[str]) -> list[Category]:
    known = categories_by_code(codes)
    unknown = [code for code in codes if code not in known]
    if unknown:
        message = _("Catégorie inconnue : %(code)s.", code=", ".join(unknown))
        raise RuleBroken(fields={"categories": message})
    return list(known.values())


def _fill(offer: Offer, values: dict[str, Any]) -> list[str]:
    """Set the values that differ; their names."""
    changed = [name for name, value in values.items() if getattr(offer, name) != value]
    for name in changed:
        setattr(offer, name, values[name])
    return changed


def _check_publishable(offer: Offer) -> None:
    fields = {}
    if not offer.summary:
        fields["summary"] = _("Résumez l’offre en une phrase avant de la publier.")
    if offer.kind is OfferKind.MARKET:
        if len(offer.description) < MINIMUM_DESCRIPTION:
            message = _(
                "Décrivez l’offre (au moins %(n)d caractères) avant de la publier.", n=MINIMUM_DESCRIPTION
            )
            fields["description"] = message
    elif not offer.source or offer.source_on is None:
        fields["source"] = _("Indiquez d’où viennent ces informations, et leur date.")
    if fields:
        raise RuleBroken(fields=fields)


def _save(offer: Offer) -> None:
    offer.updated_at = now()
    flag_modified(offer, "updated_at")  # a change of categories alone must raise the version too
    try:
        db.session.flush()  # the version column speaks now, while we can still word it
    except StaleDataError as error:
        raise Conflict(_conflict_message()) from error


def _conflict_message() -> str:
    return str(_("Cette offre a été modifiée entre-temps par une autre personne."))
