"""The clock alone: what a claim proves changes on its day, on every page, within one request."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User
from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.core.clock import fixed_at, now, today
from app.core.db import db, unit_of_work
from app.matchmaking.models import MatchRun
from app.matchmaking.services import selection
from app.matchmaking.services.expiry import tell_of_expired
from app.matchmaking.services.indexing import reindex_all
from app.matchmaking.services.proposals import propose_offers, refresh_run
from app.needs.enums import RequiredLevel
from app.needs.models import Need
from app.offers.models import Offer
from app.outbox.models import Mail
from app.permissions import SYSTEM, Role
from tests.clients import IsolatedClient
from tests.factories import make_administration, make_need, make_offer, make_user, make_vendor

LAST = date(2026, 12, 31)


@pytest.fixture
def offer(app: Flask) -> Offer:
    offer = make_offer(make_vendor(), name="Datée", facts={"open_source": ClaimStatus.VERIFIED})
    offer.claims[0].valid_until = LAST
    db.session.commit()
    return offer


@pytest.fixture
def need(offer: Offer) -> Need:
    need = make_need(make_administration(), requires={"open_source": RequiredLevel.VERIFIED})
    with unit_of_work():
        reindex_all()
    with unit_of_work():
        propose_offers(SYSTEM, need)
    return need


@pytest.fixture
def people(need: Need, offer: Offer) -> dict[str, User]:
    """One person for each role."""
    return {
        "buyer": make_user(Role.AMBASSADOR, need.organisation),
        "vendor": make_user(Role.VENDOR, offer.organisation),
        "moderator": make_user(Role.MODERATOR),
    }


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def seen(client: IsolatedClient, people: dict[str, User], need: Need, offer: Offer) -> dict[str, bool]:
    """Whether each page says that the claim holds, read by whom it is for (sessions end with the clock)."""

    def read(who: str, path: str) -> str:
        client.sign_in(people[who])
        answer = client.get(path)
        assert answer.status_code == 200, path
        return str(answer.text)

    return {
        "proposals": f'id="offre-{offer.id}"' in read("buyer", f"/besoins/{need.id}/propositions"),
        "catalogue": "Datée" in read("buyer", "/offres?verifie=open_source"),
        "offer": "Oui, vérifié" in read("buyer", f"/offres/{offer.slug}"),
        "claims": "Vérifiée" in read("vendor", f"/mes-offres/{offer.id}/attestations"),
        "mine": "1 sur 1, dont 1 vérifiés" in read("vendor", "/mes-offres"),
        "needs": "Aucun besoin ne correspond" not in read("vendor", "/besoins-correspondants"),
        "moderation": "Datée" in read("moderator", "/moderation/attestations?status=verified"),
    }


@pytest.mark.parametrize(
    ("day", "holds"),
    [(LAST, True), (LAST + timedelta(days=1), False), (LAST + timedelta(days=365), False)],
)
def test_every_page_follows_the_clock_within_one_request(
    client: IsolatedClient, people: dict[str, User], need: Need, offer: Offer, day: date, holds: bool
) -> None:
    assert set(seen(client, people, need, offer).values()) == {True}
    with fixed_at(at(day)):
        found = seen(client, people, need, offer)
    assert found == dict.fromkeys(found, holds)
    assert set(seen(client, people, need, offer).values()) == {True}
    assert db.session.scalar(sa.select(sa.func.count(MatchRun.id))) == 1


def test_refresh_notes_the_day_on_which_a_run_still_held(need: Need) -> None:
    with fixed_at(at(LAST)):
        with unit_of_work():
            assert refresh_run(need.id) is False
        run = db.session.scalars(sa.select(MatchRun)).one()
        assert run.checked_on == LAST
    with fixed_at(at(LAST + timedelta(days=1))), unit_of_work():
        assert refresh_run(need.id) is True


def test_nightly_round_notes_tells_and_matches_again(need: Need, offer: Offer) -> None:
    vendor = make_user(Role.VENDOR, offer.organisation)
    buyer = make_user(Role.AMBASSADOR, need.organisation)
    make_user(Role.AMBASSADOR)
    with unit_of_work():
        selection.add_to_shortlist(SYSTEM, need, offer)
    with fixed_at(at(LAST)), unit_of_work():
        assert tell_of_expired(today()) == 0
    with fixed_at(at(LAST + timedelta(days=1))):
        with unit_of_work():
            assert tell_of_expired(today()) == 1
        with unit_of_work():
            assert tell_of_expired(today()) == 0
        mails = db.session.scalars(sa.select(Mail).order_by(Mail.id)).all()
        assert sorted(mail.recipient for mail in mails) == sorted([vendor.email, buyer.email])
        assert all("31 déc. 2026" in mail.body and "Datée" in mail.body for mail in mails)
        claim = db.session.scalars(sa.select(Claim)).one()
        assert claim.expiry_told_at == now()
