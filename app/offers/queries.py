"""Reading offers and what is known of them, as the reader may see it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.enums import OrganisationKind
from app.accounts.models import Organisation
from app.core.db import db
from app.core.errors import NotFound
from app.offers.enums import ClaimStatus, OfferKind, OfferStatus
from app.offers.models import Claim, Offer
from app.permissions import Actor, Permission, can

_WHOLE = (joinedload(Offer.organisation), selectinload(Offer.categories))
_MANY = 1000  # beyond, reading every claim costs less than naming each offer


class Fact(NamedTuple):
    """What the best evidence says of one criterion: its value, how far it is proved, and the claim itself."""

    value: bool
    level: Literal["declared", "verified"]
    claim: Claim


def get_offer(actor: Actor, offer_id: int) -> Offer:
    """A published offer for everyone; a draft or a withdrawn one for those who may edit it."""
    return _visible(actor, db.session.get(Offer, offer_id, options=_WHOLE))


def get_offer_by_slug(actor: Actor, slug: str) -> Offer:
    query = sa.select(Offer).where(Offer.slug == slug).options(*_WHOLE)
    return _visible(actor, db.session.scalars(query).one_or_none())


def get_offer_to_edit(actor: Actor, offer_id: int) -> Offer:
    """An offer the actor may edit, or NotFound, published or not."""
    offer = db.session.get(Offer, offer_id, options=_WHOLE)
    if offer is None or not _may_edit(actor, offer):
        raise NotFound
    return offer


def find_offer_by_import_key(import_key: str) -> Offer | None:
    query = sa.select(Offer).where(Offer.import_key == import_key).options(*_WHOLE)
    return db.session.scalars(query).one_or_none()


def offers_of(organisation: Organisation) -> Sequence[Offer]:
    """Every offer of an organisation: drafts, published, then withdrawn, by name."""
    order = sa.case({OfferStatus.DRAFT: 0, OfferStatus.PUBLISHED: 1}, value=Offer.status, else_=2)
    query = sa.select(Offer).where(Offer.organisation_id == organisation.id).options(*_WHOLE)
    return db.session.scalars(query.order_by(order, Offer.name, Offer.id)).all()


def published_offers(ids: Iterable[int] | None = None) -> Sequence[Offer]:
    """Published offers with organisation and categories, by identifier; all of them without `ids`."""
    query = sa.select(Offer).where(Offer.status == OfferStatus.PUBLISHED).options(*_WHOLE).order_by(Offer.id)
    if ids is not None:
        query = query.where(Offer.id.in_(list(ids)))
    return db.session.scalars(query).all()


def published_offers_of(organisation: Organisation) -> Sequence[Offer]:
    """What a company or an administration shows to everyone, by name."""
    query = sa.select(Offer).where(
        Offer.organisation_id == organisation.id, Offer.status == OfferStatus.PUBLISHED
    )
    return db.session.scalars(query.options(*_WHOLE).order_by(Offer.name, Offer.id)).all()


def get_claim_to_edit(actor: Actor, claim_id: int) -> Claim:
    """A claim about an offer or a company the actor writes for, or NotFound."""
    options = (joinedload(Claim.offer).joinedload(Offer.organisation), joinedload(Claim.organisation))
    claim = db.session.get(Claim, claim_id, options=(*options, joinedload(Claim.criterion)))
    if claim is None:
        raise NotFound
    if claim.offer is not None:
        allowed = _may_edit(actor, claim.offer)
    else:
        allowed = can(actor, Permission.CLAIM_CREATE, organisation_id=claim.organisation_id)
    if not allowed:
        raise NotFound
    return claim


def claims_about(offer: Offer) -> Sequence[Claim]:
    """Claims about an offer and about its company, in the order of the criteria, newest first."""
    return _claims_where(_about({offer.id}, {offer.organisation_id} - {None}))


def claims_about_organisation(organisation: Organisation) -> Sequence[Claim]:
    """Claims about the company itself."""
    return _claims_where(Claim.organisation_id == organisation.id)


def facts_of(offers: Sequence[Offer], day: date) -> dict[int, dict[str, Fact]]:
    """What holds on `day` for each offer: criterion -> best evidence, of the offer or of its company.

    Claims out of their dates are left out; a refuted one proves the contrary; verified beats declared; the
    newest wins among equals. One query."""
    offer_ids = {offer.id for offer in offers}
    owner_ids = {offer.organisation_id for offer in offers if offer.organisation_id is not None}
    by_offer: dict[int, list[Claim]] = {}
    by_owner: dict[int, list[Claim]] = {}
    condition = _about(offer_ids, owner_ids) if len(offers) <= _MANY else sa.true()
    for claim in _claims_where(condition):
        if claim.offer_id is not None:
            by_offer.setdefault(claim.offer_id, []).append(claim)
        elif claim.organisation_id is not None:
            by_owner.setdefault(claim.organisation_id, []).append(claim)
    return {
        offer.id: _best_facts(
            [*by_offer.get(offer.id, ()), *by_owner.get(offer.organisation_id or 0, ())], day
        )
        for offer in offers
    }


def _best_facts(claims: Iterable[Claim], day: date) -> dict[str, Fact]:
    holding = sorted((claim for claim in claims if _holds(claim, day)), key=_weight)
    return {claim.criterion_key: _fact(claim) for claim in holding}  # the last one, the heaviest, stays


def _holds(claim: Claim, day: date) -> bool:
    if claim.status is ClaimStatus.REFUTED:
        return True
    begun = claim.valid_from is None or claim.valid_from <= day
    return begun and (claim.valid_until is None or day <= claim.valid_until)


def _weight(claim: Claim) -> tuple[bool, float, int]:
    moment = claim.decided_at or claim.created_at
    return claim.status is not ClaimStatus.DECLARED, moment.timestamp(), claim.id


def _fact(claim: Claim) -> Fact:
    if claim.status is ClaimStatus.REFUTED:
        return Fact(value=False, level="verified", claim=claim)
    return Fact(claim.value, "verified" if claim.status is ClaimStatus.VERIFIED else "declared", claim)


def _about(offer_ids: set[int], owner_ids: Iterable[int | None]) -> sa.ColumnElement[bool]:
    return sa.or_(Claim.offer_id.in_(offer_ids), Claim.organisation_id.in_(list(owner_ids)))


def _claims_where(condition: sa.ColumnElement[bool]) -> Sequence[Claim]:
    query = (
        sa.select(Claim)
        .join(Claim.criterion)
        .options(contains_eager(Claim.criterion))
        .where(condition)
        .order_by(sa.text("criterion.position"), Claim.id.desc())
    )
    return db.session.scalars(query).all()


def _visible(actor: Actor, offer: Offer | None) -> Offer:
    if offer is None or (offer.status is not OfferStatus.PUBLISHED and not _may_edit(actor, offer)):
        raise NotFound
    return offer


def _may_edit(actor: Actor, offer: Offer) -> bool:
    if offer.kind is OfferKind.MARKET:
        return can(actor, Permission.OFFER_EDIT, organisation_id=offer.organisation_id)
    return can(actor, Permission.IMPORT_RUN)


def vendors_with_offers() -> Sequence[tuple[Organisation, int]]:
    """Companies that publish at least one offer, by name, with how many."""
    query = (
        sa.select(Organisation, sa.func.count(Offer.id))
        .join(Offer, Offer.organisation_id == Organisation.id)
        .where(Organisation.kind == OrganisationKind.VENDOR, Offer.status == OfferStatus.PUBLISHED)
        .group_by(Organisation.id)
        .order_by(Organisation.name, Organisation.id)
    )
    return [(organisation, count) for organisation, count in db.session.execute(query)]
