"""The edges that a rule of claims turns on: the day itself, the version itself, the very same proposal."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.queries import actor_of
from app.audit.models import AuditEntry
from app.claims import queries, services
from app.claims.enums import ClaimStatus, Verdict
from app.claims.models import Claim, ProposedDecision
from app.core.clock import now
from app.core.db import db, unit_of_work
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.offers.queries import subject_of
from app.permissions import SYSTEM, Actor, Role
from app.reference.enums import AttributeType
from tests.factories import make_attribute, make_criterion, make_evidence, make_offer, make_user, make_vendor

TODAY = date(2026, 11, 22)
EVE, MORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def moderator() -> Actor:
    return actor_of(make_user(Role.MODERATOR))


def claim_of(status: ClaimStatus = ClaimStatus.DECLARED) -> Claim:
    return make_offer(facts={"open_source": status}).claims[0]


@pytest.mark.parametrize(
    ("first", "last", "turns"),
    [
        (None, None, False),
        (EVE, None, False),
        (TODAY, None, False),  # it held already on the first day asked
        (MORROW, None, True),
        (MORROW + timedelta(days=1), None, True),
        (MORROW + timedelta(days=2), None, False),
        (None, EVE, False),
        (None, TODAY, True),  # its last day: the next one no longer holds
        (None, MORROW, True),
        (None, MORROW + timedelta(days=1), False),  # it holds still on the last day asked
    ],
)
def test_a_claim_turns_between_two_days(
    app: Flask, first: date | None, last: date | None, turns: bool
) -> None:
    claim = claim_of()
    claim.valid_from, claim.valid_until = first, last
    db.session.flush()
    end = MORROW + timedelta(days=1)
    assert queries.any_turns_between(TODAY, end) is turns
    assert queries.any_turns_between(end, TODAY) is turns


def test_claims_are_found_by_number_however_many(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = dict.fromkeys(("a", "b", "c", "d", "e"), ClaimStatus.DECLARED)
    ids = [claim.id for claim in make_offer(facts=facts).claims]
    monkeypatch.setattr("app.claims.queries.ledger.IDS_A_QUERY", 2)
    assert sorted(queries.claims_by_id(ids)) == sorted(ids)
    assert sorted(queries.claims_by_id(ids[1:3])) == ids[1:3]
    assert queries.claims_by_id([]) == {}


def test_an_end_is_noted_the_day_after_and_once(app: Flask) -> None:
    claim = claim_of()
    claim.valid_until, claim.awaits_verification = TODAY, True
    db.session.flush()
    assert services.record_expired(TODAY) == []
    assert services.record_expired(MORROW) == [claim]
    assert (claim.expiry_told_at, claim.awaits_verification) == (now(), False)
    assert services.record_expired(MORROW) == []
    assert list(db.session.scalars(sa.select(AuditEntry.action))) == ["claim.expired"]


def test_what_is_told_as_history_is_not_announced_as_an_end(app: Flask) -> None:
    make_criterion("open_source")
    subject = subject_of(make_offer())
    for last, noted in ((EVE, True), (TODAY, False), (None, False)):
        claim = services.declare_claim(
            SYSTEM, subject, attribute_key="open_source", value=True, valid_until=last, as_history=True
        )
        assert (claim.expiry_told_at is not None) is noted
    same_day = services.declare_claim(
        SYSTEM, subject, attribute_key="open_source", value=True, valid_from=TODAY, valid_until=TODAY
    )
    assert same_day.valid_from == same_day.valid_until


@pytest.mark.parametrize(("read", "expected"), [(None, 1), (1, 1), (2, 0), (3, 0)])
def test_only_what_was_verified_on_an_earlier_version_is_to_confirm(
    app: Flask, read: int | None, expected: int
) -> None:
    claim = claim_of(ClaimStatus.VERIFIED)
    claim.offer_version = read
    db.session.flush()
    assert claim.offer_id is not None
    told = services.put_to_confirm(SYSTEM, offer_id=claim.offer_id, version=2, reason="Refonte")
    assert told == expected
    assert (claim.status is ClaimStatus.TO_CONFIRM) is bool(expected)


def test_changes_add_up_while_a_claim_is_to_confirm(app: Flask) -> None:
    claim = claim_of(ClaimStatus.VERIFIED)
    assert claim.offer_id is not None
    for version in (2, 3):
        change = ("Hébergement", f"avant {version}", f"après {version}")
        services.put_to_confirm(SYSTEM, offer_id=claim.offer_id, version=version, reason="", changes=[change])
    assert [one[1] for one in claim.changes] == ["avant 2", "avant 3"]


@pytest.mark.parametrize(("read", "kept"), [(None, 4), (7, 7)])
def test_a_verified_claim_speaks_of_the_version_that_was_read(
    app: Flask, read: int | None, kept: int
) -> None:
    claim = claim_of()
    claim.offer_version = 4
    services.decide_claim(moderator(), claim, verdict=Verdict.VERIFIED, reason="Lu.", offer_version=read)
    assert claim.offer_version == kept


def test_a_claim_that_is_not_verified_goes_on_speaking_of_its_version(app: Flask) -> None:
    claim = claim_of()
    claim.offer_version = 4
    services.decide_claim(
        moderator(), claim, verdict=Verdict.NOT_ESTABLISHED, reason="Trop mince.", offer_version=7
    )
    assert (claim.offer_version, claim.status) == (4, ClaimStatus.NOT_ESTABLISHED)


def test_two_moderators_must_propose_the_very_same(app: Flask) -> None:
    make_criterion(
        "lead", attribute=make_attribute("lead", type=AttributeType.NUMBER, unit="jours"), operand=30
    )
    subject = subject_of(make_offer())
    claim = services.declare_claim(SYSTEM, subject, attribute_key="lead", value=20)

    def contradict(actor: Actor, found: str) -> bool:
        return services.decide_claim(
            actor, claim, verdict=Verdict.CONTRADICTED, reason="Contrat.", found=found
        )

    first, second = moderator(), moderator()
    assert contradict(first, "45") is False
    assert (claim.status, claim.awaits_verification) == (ClaimStatus.DECLARED, True)
    assert contradict(second, "60") is False  # instead of the first
    assert claim.proposed is not None
    assert (claim.proposed.by_id, claim.proposed.found) == (second.user_id, 60)
    with pytest.raises(InvalidTransition, match="second modérateur"):
        contradict(second, "60")
    assert contradict(first, "60") is True
    assert (claim.found, claim.decided_by_id) == (60, first.user_id)
    assert db.session.scalars(sa.select(ProposedDecision)).all() == []


def test_a_doubt_asks_for_a_second_moderator_whatever_the_verdict(app: Flask) -> None:
    claim, first = claim_of(), moderator()
    args = {"verdict": Verdict.VERIFIED, "reason": "Lu.", "doubt": "Le registre ne le dit pas."}
    assert services.decide_claim(first, claim, **args) is False  # type: ignore[arg-type]  # from a dict
    assert claim.proposed is not None
    assert claim.proposed.why == "Le registre ne le dit pas."
    assert services.decide_claim(moderator(), claim, **args) is True  # type: ignore[arg-type]  # the same
    assert claim.status is ClaimStatus.VERIFIED


def test_the_portal_decides_alone(app: Flask) -> None:
    claim = claim_of()
    assert services.decide_claim(SYSTEM, claim, verdict=Verdict.CONTRADICTED, reason="Le registre.")
    assert (claim.status, claim.decided_by_id) == (ClaimStatus.CONTRADICTED, None)
    with pytest.raises(InvalidTransition, match="par le portail"):
        services.decide_claim(SYSTEM, claim, verdict=Verdict.VERIFIED, reason="Encore.")
    with pytest.raises(InvalidTransition):
        services.contradict_claim(SYSTEM, claim, reason="Encore.")


def test_a_decision_of_ones_own_organisation_is_refused_and_noted(app: Flask) -> None:
    claim = claim_of(ClaimStatus.VERIFIED)
    insider = actor_of(make_user(Role.MODERATOR, claim.organisation))
    with pytest.raises(Forbidden), unit_of_work():
        services.reopen_decision(insider, claim, reason="Moi.")
    assert claim.status is ClaimStatus.VERIFIED
    assert "claim.own_refused" in set(db.session.scalars(sa.select(AuditEntry.action)))
    services.reopen_decision(moderator(), claim, reason=" Relu. ")
    assert (claim.status, claim.decided_at, claim.decided_by_id) == (ClaimStatus.DECLARED, None, None)
    for refused in ("", " "):
        with pytest.raises(RuleBroken, match="Dites pourquoi"):
            services.reopen_decision(moderator(), claim, reason=refused)


def test_whoever_is_of_another_company_writes_nothing(app: Flask) -> None:
    claim = claim_of()
    make_evidence(claim)
    stranger = actor_of(make_user(Role.VENDOR, make_vendor()))
    with pytest.raises(Forbidden):
        services.request_verification(stranger, claim)
    with pytest.raises(Forbidden):
        services.withdraw_claim(stranger, claim)
    assert (claim.status, claim.awaits_verification) == (ClaimStatus.DECLARED, False)


def test_verification_is_asked_of_what_is_shown(app: Flask) -> None:
    make_criterion("open_source")
    subject = subject_of(make_offer())
    with pytest.raises(RuleBroken, match="Joignez d’abord une preuve"):
        services.declare_claim(
            SYSTEM, subject, attribute_key="open_source", value=True, asks_verification=True
        )
    asked = services.declare_claim(
        SYSTEM,
        subject,
        attribute_key="open_source",
        value=True,
        evidence_url=" https://code.example/depot ",
        asks_verification=True,
    )
    assert (asked.awaits_verification, asked.evidence[0].url) == (True, "https://code.example/depot")


def test_verifying_leaves_what_agrees_as_it_is(app: Flask) -> None:
    """A finding that says the same, and another declaration of the same."""
    offer = make_offer(facts={"open_source": ClaimStatus.CONTRADICTED})
    [finding] = offer.claims
    no, again = (
        services.declare_claim(SYSTEM, subject_of(offer), attribute_key="open_source", value=False)
        for _ in range(2)
    )
    services.decide_claim(moderator(), no, verdict=Verdict.VERIFIED, reason="Le dépôt est fermé.")
    states = [one.status for one in (finding, no, again)]
    assert states == [ClaimStatus.CONTRADICTED, ClaimStatus.VERIFIED, ClaimStatus.DECLARED]
