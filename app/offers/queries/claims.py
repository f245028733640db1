"""What is claimed of offers, and of their companies."""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from app.claims import engine
from app.claims.models import Claim, Subject
from app.claims.queries import about, claims_where
from app.core.db import db
from app.offers.enums import OfferStatus
from app.offers.models import Offer
from app.reference.models import Criterion


def claims_about(offer: Offer) -> Sequence[Claim]:
    """Claims about an offer and about its company, in the order of the criteria, newest first."""
    return claims_where(_about([offer]), with_evidence=True)


def waiting_claims(offers: Iterable[Offer]) -> Sequence[Claim]:
    """Claims of these offers and of their companies that a moderator has yet to examine."""
    return claims_where(_about(offers) & Claim.awaits_verification)


def answers_of(
    offers: Iterable[Offer], criteria: Sequence[Criterion], day: date
) -> dict[int, list[engine.Answer]]:
    """See `app.claims.engine.answers_of`."""
    return engine.answers_of([subject_of(offer) for offer in offers], criteria, day)


def offers_of_claims(claims: Iterable[Claim]) -> dict[int, list[Offer]]:
    """Claim -> the offers it speaks of: its own, or all those its company publishes."""
    claims = list(claims)
    whole = {claim.organisation_id for claim in claims if claim.offer_id is None}
    own = {claim.offer_id for claim in claims if claim.offer_id is not None}
    published = sa.and_(Offer.organisation_id.in_(whole), Offer.status == OfferStatus.PUBLISHED)
    query = sa.select(Offer).where(sa.or_(Offer.id.in_(own), published)).order_by(Offer.name, Offer.id)
    offers = db.session.scalars(query).all()
    return {
        claim.id: [
            offer
            for offer in offers
            if offer.id == claim.offer_id
            or (claim.offer_id is None and offer.organisation_id == claim.organisation_id)
        ]
        for claim in claims
    }


def subject_of(offer: Offer) -> Subject:
    """The offer as the ledger knows it."""
    return Subject(offer.id, offer.organisation_id, offer.kind.value, offer.version)


def _about(offers: Iterable[Offer]) -> ColumnElement[bool]:
    offers = list(offers)
    owners = {offer.organisation_id for offer in offers} - {None}
    return about((offer.id for offer in offers), owners)
