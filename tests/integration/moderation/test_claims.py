"""Decisions on claims: who may take them, on what, and who hears of them."""

from collections.abc import Iterator, Sequence
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.queries import actor_of
from app.audit.models import AuditEntry
from app.claims.enums import ClaimStatus, Verdict
from app.claims.models import Claim
from app.core.clock import now
from app.core.db import db
from app.core.errors import Forbidden, InvalidTransition, NotFound, RuleBroken
from app.moderation.queries.claims import get_claim
from app.moderation.services.claims import decide_claim, reopen_decision
from app.offers.models import Offer
from app.offers.signals import offer_changed
from app.outbox.models import Mail
from app.permissions import Actor, Role
from tests.factories import make_criterion, make_offer, make_user, make_vendor, saved


@pytest.fixture
def moderator(app: Flask) -> Actor:
    return actor_of(make_user(Role.MODERATOR, name="Maud Érateur"))


@pytest.fixture
def offer(app: Flask) -> Offer:
    offer = make_offer(facts={"open_source": ClaimStatus.DECLARED})
    offer.claims[0].awaits_verification = True
    return offer


@pytest.fixture
def changed(app: Flask) -> Iterator[list[int]]:
    heard: list[int] = []

    def listen(offer_id: int, **_rest: object) -> None:
        heard.append(offer_id)

    offer_changed.connect(listen)
    yield heard
    offer_changed.disconnect(listen)


def decide_together(moderator: Actor, claim: Claim, *, verdict: Verdict, reason: str) -> None:
    """As one moderator, after another where the decision takes two."""
    if verdict is Verdict.CONTRADICTED:
        other = actor_of(make_user(Role.MODERATOR))
        assert decide_claim(other, claim, verdict=verdict, reason=reason) is False
        assert claim.status is ClaimStatus.DECLARED
    assert decide_claim(moderator, claim, verdict=verdict, reason=reason) is True


def mails() -> Sequence[Mail]:
    return db.session.scalars(sa.select(Mail).order_by(Mail.id)).all()


@pytest.mark.parametrize("verdict", list(Verdict))
def test_decide_claim_records_who_when_and_why(
    moderator: Actor, offer: Offer, changed: list[int], verdict: Verdict
) -> None:
    claim = offer.claims[0]

    decide_together(moderator, claim, verdict=verdict, reason=" Dépôt consulté. ")

    assert claim.status.value == verdict.value
    assert (claim.decided_by_id, claim.decided_at) == (moderator.user_id, now())
    assert (claim.decision_reason, claim.awaits_verification) == ("Dépôt consulté.", False)
    assert changed == [offer.id]
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == f"claim.{verdict.value}")
    ).one()
    assert (entry.actor_id, entry.object_type, entry.object_id) == (moderator.user_id, "claim", claim.id)
    assert entry.details == {"criterion": "open_source", "reason": "Dépôt consulté."}


def test_decide_claim_writes_to_the_vendor_and_nobody_else(moderator: Actor, offer: Offer) -> None:
    member = make_user(Role.VENDOR, offer.organisation)
    make_user(Role.VENDOR)

    decide_together(moderator, offer.claims[0], verdict=Verdict.CONTRADICTED, reason="Lien mort.")

    assert [mail.recipient for mail in mails()] == [member.email]
    assert mails()[0].subject == "Attestation contredite : open_source"
    assert "Lien mort." in mails()[0].body


def test_decide_claim_without_reason_is_refused(moderator: Actor, offer: Offer, changed: list[int]) -> None:
    with pytest.raises(RuleBroken) as refusal:
        decide_claim(moderator, offer.claims[0], verdict=Verdict.VERIFIED, reason="  ")

    assert list(refusal.value.fields) == ["reason"]
    assert (offer.claims[0].status, changed, mails()) == (ClaimStatus.DECLARED, [], [])


@pytest.mark.parametrize("role", [Role.VENDOR, Role.AMBASSADOR, Role.ORGANISER])
def test_decide_claim_is_for_moderators_only(offer: Offer, role: Role) -> None:
    other = actor_of(make_user(role, offer.organisation if role is Role.VENDOR else None))

    with pytest.raises(Forbidden):
        decide_claim(other, offer.claims[0], verdict=Verdict.VERIFIED, reason="Je le sais.")
    with pytest.raises(Forbidden):
        reopen_decision(other, offer.claims[0], reason="Je le sais.")
    with pytest.raises(NotFound):
        get_claim(other, offer.claims[0].id)


def test_decide_claim_already_decided_tells_who_and_when(moderator: Actor, offer: Offer) -> None:
    decide_together(moderator, offer.claims[0], verdict=Verdict.CONTRADICTED, reason="Lien mort.")

    with pytest.raises(InvalidTransition) as refusal:
        decide_claim(moderator, offer.claims[0], verdict=Verdict.VERIFIED, reason="Finalement oui.")

    assert "examinée par Maud Érateur (22 novembre 2026" in refusal.value.message
    assert offer.claims[0].status is ClaimStatus.CONTRADICTED


def test_decide_claim_about_a_company_reaches_all_its_published_offers(
    moderator: Actor, changed: list[int]
) -> None:
    vendor = make_vendor()
    first, second = make_offer(vendor), make_offer(vendor)
    make_offer()
    claim = saved(Claim(organisation=vendor, attribute=make_criterion("sme").attribute, value=True))

    decide_claim(moderator, claim, verdict=Verdict.VERIFIED, reason="Registre consulté.")

    assert changed == [first.id, second.id]


def test_reopen_decision_undoes_it_and_keeps_it_in_the_log(
    moderator: Actor, offer: Offer, changed: list[int]
) -> None:
    claim = offer.claims[0]
    decide_together(moderator, claim, verdict=Verdict.CONTRADICTED, reason="Lien mort.")

    reopen_decision(moderator, claim, reason="Nouveau lien.")

    assert (claim.status, claim.awaits_verification) == (ClaimStatus.DECLARED, True)
    assert (claim.decided_by_id, claim.decided_at, claim.decision_reason) == (None, None, "")
    assert changed == [offer.id, offer.id]
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "claim.reopened")).one()
    assert entry.details["undone"] == {
        "status": "contradicted",
        "reason": "Lien mort.",
        "by": moderator.user_id,
    }


def test_reopen_decision_of_a_declared_claim_is_refused(moderator: Actor, offer: Offer) -> None:
    with pytest.raises(InvalidTransition):
        reopen_decision(moderator, offer.claims[0], reason="Pour voir.")


def test_decide_claim_keeps_an_expired_claim_expired(moderator: Actor, offer: Offer) -> None:
    claim = offer.claims[0]
    claim.valid_until = date(2026, 11, 21)
    db.session.commit()

    decide_claim(moderator, claim, verdict=Verdict.VERIFIED, reason="Valable jusqu’à hier.")

    assert claim.status_on(now().date()) == "expired"
