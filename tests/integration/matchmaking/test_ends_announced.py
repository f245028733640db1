"""An end is announced 90, 30 and 7 days before, once each, to those whom it concerns."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.claims.engine import Outcome, answers_of
from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.claims.services import declare_claim
from app.core.clock import fixed_at
from app.core.db import db
from app.matchmaking.models import ShortlistEntry
from app.matchmaking.services.expiry import tell_of_ending
from app.offers.models import Offer
from app.offers.queries import subject_of
from app.outbox.models import Mail
from app.permissions import SYSTEM, Role
from app.reference.queries import criteria
from tests.factories import make_need, make_offer, make_user

LAST = date(2027, 6, 30)


@pytest.fixture
def offer(app: Flask) -> Offer:
    offer = make_offer(name="Datée", facts={"open_source": ClaimStatus.VERIFIED})
    offer.claims[0].valid_until = LAST
    db.session.commit()
    return offer


@pytest.fixture
def people(offer: Offer) -> list[User]:
    need = make_need()
    db.session.add(ShortlistEntry(need_id=need.id, offer_id=offer.id, need_version=1, offer_version=1))
    make_user(Role.AMBASSADOR)
    return [make_user(Role.VENDOR, offer.organisation), make_user(Role.AMBASSADOR, need.organisation)]


def told(days_before: int) -> list[str]:
    """Who is written to at the round of that day."""
    day = LAST - timedelta(days=days_before)
    before = set(db.session.scalars(sa.select(Mail.id)))
    with fixed_at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)):
        tell_of_ending(day)
    query = sa.select(Mail.recipient).where(Mail.id.not_in(before)).order_by(Mail.recipient)
    return list(db.session.scalars(query))


def test_vendor_and_buyer_hear_three_times(offer: Offer, people: list[User]) -> None:
    both = sorted(one.email for one in people)
    assert [bool(told(day)) for day in (91, 90, 89, 31)] == [False, True, False, False]
    assert told(30) == both
    assert [told(day) for day in (30, 29, 8)] == [[], [], []]
    assert told(7) == both
    assert [told(day) for day in (7, 1, 0, -1)] == [[], [], [], []]
    bodies = list(db.session.scalars(sa.select(Mail.body)))
    assert len(bodies) == 6
    assert all("Datée" in body for body in bodies)


def test_a_late_claim_is_told_of_once_for_the_steps_it_missed(offer: Offer, people: list[User]) -> None:
    assert len(told(5)) == 2
    assert told(4) == []


def test_a_renewal_keeps_the_answer_every_day_and_silences_the_warning(
    offer: Offer, people: list[User]
) -> None:
    gap = declare_claim(
        SYSTEM,
        subject_of(offer),
        attribute_key="open_source",
        value=True,
        valid_from=LAST + timedelta(days=2),
        valid_until=date(2028, 6, 30),
    )
    assert len(told(90)) == 2
    gap.valid_from = LAST + timedelta(days=1)
    assert told(30) == []
    for day in (LAST, LAST + timedelta(days=1)):
        [answer] = answers_of([subject_of(offer)], criteria(), day)[offer.id]
        assert answer.found.outcome is Outcome.MET


@pytest.mark.parametrize("status", [ClaimStatus.CONTRADICTED, ClaimStatus.WITHDRAWN])
def test_what_no_longer_counts_ends_unannounced(
    offer: Offer, people: list[User], status: ClaimStatus
) -> None:
    [claim] = db.session.scalars(sa.select(Claim))
    with db.session.no_autoflush:
        claim.status, claim.found = status, False
        claim.withdrawn_at = claim.decided_at if status is ClaimStatus.WITHDRAWN else None
    assert told(90) == []
