"""Reading claims: those of an offer or a company, and those one may change."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Organisation
from app.core.db import db
from app.core.errors import NotFound
from app.offers.models import Claim, Offer
from app.offers.queries.offers import may_edit
from app.permissions import Actor, Permission, can
from app.reference.models import Criterion


def get_claim_to_edit(actor: Actor, claim_id: int) -> Claim:
    """A claim about an offer or a company the actor writes for, or NotFound."""
    options = (
        joinedload(Claim.offer).joinedload(Offer.organisation),
        joinedload(Claim.organisation),
        joinedload(Claim.criterion),
    )
    claim = db.session.get(Claim, claim_id, options=options)
    if claim is None or not _may_change(actor, claim):
        raise NotFound
    return claim


def _may_change(actor: Actor, claim: Claim) -> bool:
    if claim.offer is not None:
        return may_edit(actor, claim.offer)
    return can(actor, Permission.CLAIM_CREATE, organisation_id=claim.organisation_id)


def claims_about(offer: Offer) -> Sequence[Claim]:
    """Claims about an offer and about its company, in the order of the criteria, newest first."""
    return claims_where(about({offer.id}, {offer.organisation_id} - {None}))


def claims_about_organisation(organisation: Organisation) -> Sequence[Claim]:
    """Claims about the company itself."""
    return claims_where(Claim.organisation_id == organisation.id)


def waiting_claims(offers: Iterable[Offer]) -> Sequence[Claim]:
    """Claims of these offers and of their companies that a moderator has yet to examine."""
    offers = list(offers)
    owners = {offer.organisation_id for offer in offers} - {None}
    return claims_where(about({offer.id for offer in offers}, owners) & Claim.awaits_verification)


def about(offer_ids: Iterable[int], owner_ids: Iterable[int | None]) -> sa.ColumnElement[bool]:
    """Claims that speak of one of these offers, or of one of these organisations."""
    return sa.or_(Claim.offer_id.in_(list(offer_ids)), Claim.organisation_id.in_(list(owner_ids)))


def claims_where(condition: sa.ColumnElement[bool]) -> Sequence[Claim]:
    """With their criterion, in the order of the criteria, newest first, in one query."""
    query = (
        sa.select(Claim)
        .join(Claim.criterion)
        .options(contains_eager(Claim.criterion))
        .where(condition)
        .order_by(Criterion.position, Criterion.key, Claim.id.desc())
    )
    return db.session.scalars(query).all()
