"""What is claimed of offers, and of their companies."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement

import app.claims.queries as ledger
from app.claims.models import Claim, Subject
from app.claims.queries import Answer, Fact
from app.offers.models import Offer
from app.reference.models import Criterion


def claims_about(offer: Offer) -> Sequence[Claim]:
    """Claims about an offer and about its company, in the order of the criteria, newest first."""
    return ledger.claims_where(_about([offer]))


def waiting_claims(offers: Iterable[Offer]) -> Sequence[Claim]:
    """Claims of these offers and of their companies that a moderator has yet to examine."""
    return ledger.claims_where(_about(offers) & Claim.awaits_verification)


def facts_of(offers: Iterable[Offer], day: date) -> dict[int, dict[str, Fact]]:
    """See `app.claims.queries.facts_of`."""
    return ledger.facts_of(owners_of(offers), day)


def answers_of(offers: Iterable[Offer], criteria: Sequence[Criterion], day: date) -> dict[int, list[Answer]]:
    """See `app.claims.queries.answers_of`."""
    return ledger.answers_of(owners_of(offers), criteria, day)


def subject_of(offer: Offer) -> Subject:
    """The offer as the ledger knows it."""
    return Subject(offer.id, offer.organisation_id)


def owners_of(offers: Iterable[Offer]) -> dict[int, int | None]:
    """Offer -> the organisation whose claims hold for it too."""
    return {offer.id: offer.organisation_id for offer in offers}


def _about(offers: Iterable[Offer]) -> ColumnElement[bool]:
    owners = owners_of(offers)
    return ledger.about(owners, {owner for owner in owners.values() if owner is not None})
