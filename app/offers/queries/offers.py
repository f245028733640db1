"""Reading offers, as the reader may see them."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.enums import OrganisationKind
from app.accounts.models import Organisation
from app.accounts.queries.standing import public_reason
from app.core.db import db
from app.core.errors import NotFound
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer
from app.permissions import Actor, Permission, can, may_somewhere

_WHOLE = (joinedload(Offer.organisation), selectinload(Offer.categories))


def get_offer(actor: Actor, offer_id: int) -> Offer:
    """A published offer for everyone; a draft or a withdrawn one for those who may edit it."""
    return _visible(actor, db.session.get(Offer, offer_id, options=_WHOLE))


def get_offer_by_slug(actor: Actor, slug: str) -> Offer:
    return _visible(actor, _by_slug(slug))


def get_offer_to_edit(actor: Actor, offer_id: int) -> Offer:
    """An offer the actor may edit, or NotFound, published or not."""
    offer = db.session.get(Offer, offer_id, options=_WHOLE)
    if offer is None or not may_edit(actor, offer):
        raise NotFound
    return offer


def get_offer_to_edit_by_slug(actor: Actor, slug: str) -> Offer:
    """The same, by its address."""
    offer = _by_slug(slug)
    if offer is None or not may_edit(actor, offer):
        raise NotFound
    return offer


def get_offer_with_history(actor: Actor, slug: str) -> Offer:
    """An offer the actor may see; once withdrawn, its versions stay for those who chose among offers."""
    offer = _by_slug(slug)
    if offer is not None and offer.version and may_somewhere(actor, Permission.PROPOSAL_READ):
        return offer
    return _visible(actor, offer)


def _by_slug(slug: str) -> Offer | None:
    return db.session.scalars(sa.select(Offer).where(Offer.slug == slug).options(*_WHOLE)).one_or_none()


def find_offer_by_import_key(import_key: str) -> Offer | None:
    query = sa.select(Offer).where(Offer.import_key == import_key).options(*_WHOLE)
    return db.session.scalars(query).one_or_none()


def offers_of(organisation: Organisation) -> Sequence[Offer]:
    """Every offer of an organisation: drafts, published, then withdrawn, by name."""
    order = sa.case({OfferStatus.DRAFT: 0, OfferStatus.PUBLISHED: 1}, value=Offer.status, else_=2)
    query = sa.select(Offer).where(Offer.organisation_id == organisation.id).options(*_WHOLE)
    return db.session.scalars(query.order_by(order, Offer.name_key, Offer.id)).all()


def published_offers(ids: Iterable[int] | None = None) -> Sequence[Offer]:
    """Published offers with organisation and categories, by identifier; all of them without `ids`."""
    query = sa.select(Offer).where(Offer.status == OfferStatus.PUBLISHED).options(*_WHOLE).order_by(Offer.id)
    if ids is not None:
        query = query.where(Offer.id.in_(list(ids)))
    return db.session.scalars(query).all()


def offer_versions(ids: Iterable[int]) -> dict[int, int]:
    """Number of the latest published version of each of these offers."""
    query = sa.select(Offer.id, Offer.version).where(Offer.id.in_(list(ids)))
    return {row.id: row.version for row in db.session.execute(query)}


def published_offers_of(organisation: Organisation) -> Sequence[Offer]:
    """What a company or an administration shows to everyone, by name."""
    return published_offers_by([organisation.id])


def published_offers_by(organisation_ids: Iterable[int]) -> Sequence[Offer]:
    """What these companies show to everyone, by name."""
    query = sa.select(Offer).where(
        Offer.organisation_id.in_(list(organisation_ids)), Offer.status == OfferStatus.PUBLISHED
    )
    return db.session.scalars(query.options(*_WHOLE).order_by(Offer.name_key, Offer.id)).all()


def _visible(actor: Actor, offer: Offer | None) -> Offer:
    if offer is None:
        raise NotFound
    if offer.status is not OfferStatus.PUBLISHED and not may_edit(actor, offer):
        raise NotFound(public_reason(offer))
    return offer


def may_edit(actor: Actor, offer: Offer) -> bool:
    """A vendor edits its market offers; the rest comes with an import."""
    if offer.kind is OfferKind.MARKET:
        return can(actor, Permission.OFFER_EDIT, on=offer)
    return can(actor, Permission.IMPORT_RUN)


def published_offer_ids_of(organisation_id: int) -> Sequence[int]:
    """Identifiers of what a company shows to everyone."""
    query = sa.select(Offer.id).where(
        Offer.organisation_id == organisation_id, Offer.status == OfferStatus.PUBLISHED
    )
    return db.session.scalars(query.order_by(Offer.id)).all()


def vendors_with_offers() -> Sequence[tuple[Organisation, int]]:
    """Companies that publish at least one offer, by name, with how many."""
    query = (
        sa.select(Organisation, sa.func.count(Offer.id))
        .join(Offer, Offer.organisation_id == Organisation.id)
        .where(Organisation.kind == OrganisationKind.VENDOR, Offer.status == OfferStatus.PUBLISHED)
        .group_by(Organisation.id)
        .order_by(Organisation.name_key, Organisation.id)
    )
    return [(organisation, count) for organisation, count in db.session.execute(query)]
