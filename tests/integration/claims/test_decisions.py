"""Decisions: what they close, what they reopen, what a change of the offer undoes, what a copy carries."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.queries import actor_of
from app.audit.models import AuditEntry
from app.claims import services
from app.claims.enums import ClaimStatus, Verdict
from app.claims.models import Claim
from app.content.enums import Nature
from app.core.clock import now
from app.core.db import db
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.offers.models import Offer
from app.offers.queries import subject_of
from app.offers.services import copy_offer, edit_offer
from app.permissions import SYSTEM, Actor, Role
from tests.factories import make_offer, make_user, make_vendor


@pytest.fixture
def moderator(app: Flask) -> Actor:
    return actor_of(make_user(Role.MODERATOR))


def test_verifying_closes_the_findings_to_the_contrary(moderator: Actor) -> None:
    offer = make_offer(facts={"open_source": ClaimStatus.CONTRADICTED, "sme": ClaimStatus.CONTRADICTED})
    again = services.declare_claim(
        SYSTEM,
        subject_of(offer),
        attribute_key="open_source",
        value=True,
        evidence_url="https://preuve.example/neuve",
    )
    services.decide_claim(moderator, again, verdict=Verdict.VERIFIED, reason="Dépôt lu.")
    assert [claim.status for claim in offer.claims] == [
        ClaimStatus.WITHDRAWN,
        ClaimStatus.CONTRADICTED,
        ClaimStatus.VERIFIED,
    ]
    assert offer.claims[0].withdrawn_at == now()


@pytest.mark.parametrize("verdict", [Verdict.NOT_ESTABLISHED, Verdict.CONTRADICTED])
def test_only_verifying_closes_a_finding(moderator: Actor, verdict: Verdict) -> None:
    offer = make_offer(facts={"open_source": ClaimStatus.CONTRADICTED})
    again = services.declare_claim(
        SYSTEM, subject_of(offer), attribute_key="open_source", value=True, evidence_url="https://p.example/2"
    )
    for one in (moderator, actor_of(make_user(Role.MODERATOR))):
        if again.is_open:
            services.decide_claim(one, again, verdict=verdict, reason="Lu.")
    assert offer.claims[0].status is ClaimStatus.CONTRADICTED
    assert again.found is (False if verdict is Verdict.CONTRADICTED else None)


@pytest.mark.parametrize(
    ("status", "awaits", "is_open"),
    [
        (ClaimStatus.DECLARED, False, True),
        (ClaimStatus.DECLARED, True, True),
        (ClaimStatus.TO_CONFIRM, True, True),
        (ClaimStatus.NOT_ESTABLISHED, False, False),
        (ClaimStatus.NOT_ESTABLISHED, True, True),
        (ClaimStatus.CONTRADICTED, False, False),
        (ClaimStatus.CONTRADICTED, True, True),
        (ClaimStatus.VERIFIED, False, False),
    ],
)
def test_a_claim_is_decided_while_it_is_open(
    moderator: Actor, status: ClaimStatus, awaits: bool, is_open: bool
) -> None:
    claim = make_offer(facts={"open_source": status}).claims[0]
    claim.awaits_verification = awaits
    assert claim.is_open is is_open
    if is_open:
        services.decide_claim(moderator, claim, verdict=Verdict.VERIFIED, reason="Lu.")
        assert (claim.status, claim.awaits_verification) == (ClaimStatus.VERIFIED, False)
    else:
        with pytest.raises(InvalidTransition):
            services.decide_claim(moderator, claim, verdict=Verdict.VERIFIED, reason="Lu.")


def test_withdrawn_claim_is_neither_decided_nor_reopened(moderator: Actor) -> None:
    claim = make_offer(facts={"open_source": ClaimStatus.DECLARED}).claims[0]
    services.withdraw_claim(SYSTEM, claim)
    with pytest.raises(InvalidTransition):
        services.decide_claim(moderator, claim, verdict=Verdict.VERIFIED, reason="Lu.")
    with pytest.raises(InvalidTransition):
        services.reopen_decision(moderator, claim, reason="Lu.")


def test_reopening_a_finding_leaves_a_declaration(moderator: Actor) -> None:
    claim = make_offer(facts={"open_source": ClaimStatus.CONTRADICTED}).claims[0]
    services.reopen_decision(moderator, claim, reason="Erreur de pièce.")
    assert (claim.status, claim.found, claim.awaits_verification) == (ClaimStatus.DECLARED, None, True)
    with pytest.raises(InvalidTransition):
        services.reopen_decision(moderator, claim, reason="Encore.")


def test_substantive_change_puts_verified_claims_to_confirm(moderator: Actor) -> None:
    vendor = make_vendor()
    facts = {"open_source": ClaimStatus.VERIFIED, "sme": ClaimStatus.DECLARED, "eu": ClaimStatus.CONTRADICTED}
    offer, other = (
        make_offer(vendor, facts=facts),
        make_offer(vendor, facts={"open_source": ClaimStatus.VERIFIED}),
    )
    changes = [("Description", "Hébergé en France", "Hébergé ailleurs")]
    told = services.put_to_confirm(SYSTEM, offer_id=offer.id, version=2, reason="Refonte", changes=changes)
    assert told == 1
    claim = offer.claims[0]
    assert (claim.status, claim.awaits_verification) == (ClaimStatus.TO_CONFIRM, True)
    assert claim.changes == [["Description", "Hébergé en France", "Hébergé ailleurs"]]
    assert [one.status for one in offer.claims[1:]] == [ClaimStatus.DECLARED, ClaimStatus.CONTRADICTED]
    assert other.claims[0].status is ClaimStatus.VERIFIED
    services.decide_claim(moderator, claim, verdict=Verdict.VERIFIED, reason="Toujours vrai.")
    assert (claim.status, claim.changes) == (ClaimStatus.VERIFIED, [])
    entries = db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert entries == ["claim.to_confirm", "claim.verified"]


def test_copying_an_offer_does_not_wash_a_finding_off(moderator: Actor) -> None:
    facts = {"open_source": ClaimStatus.CONTRADICTED, "sme": ClaimStatus.VERIFIED}
    offer, copy = make_offer(facts=facts), make_offer()
    assert services.carry_contradictions(SYSTEM, offer.id, to=subject_of(copy)) == 1
    [carried] = db.session.scalars(sa.select(Claim).where(Claim.offer_id == copy.id)).all()
    assert (carried.attribute_key, carried.found, carried.status) == (
        "open_source",
        False,
        ClaimStatus.CONTRADICTED,
    )
    assert carried.organisation_id == copy.organisation_id


def test_deciding_is_for_moderators(app: Flask) -> None:
    offer: Offer = make_offer(facts={"open_source": ClaimStatus.DECLARED})
    member = actor_of(make_user(Role.VENDOR, offer.organisation))
    with pytest.raises(Forbidden):
        services.decide_claim(member, offer.claims[0], verdict=Verdict.VERIFIED, reason="Moi.")
    with pytest.raises(Forbidden):
        services.reopen_decision(member, offer.claims[0], reason="Moi.")


@pytest.mark.parametrize(
    ("nature", "changed", "expected"),
    [
        (Nature.SUBSTANTIVE, {"description": "Une messagerie hébergée hors d’Europe désormais."}, True),
        (Nature.SUBSTANTIVE, {"licence": "MIT"}, True),
        (Nature.SUBSTANTIVE, {"hosting": "Chez un autre hébergeur"}, True),
        (Nature.SUBSTANTIVE, {"price_note": "Plus cher"}, False),
        (Nature.CORRECTION, {"description": "Une messagerie collaborative hébergée en France !!"}, False),
    ],
)
def test_publishing_says_what_must_be_confirmed(
    app: Flask, nature: Nature, changed: dict[str, str], expected: bool
) -> None:
    offer = make_offer(facts={"open_source": ClaimStatus.VERIFIED})
    edit_offer(SYSTEM, offer, note="Version 2", nature=nature, **changed)  # type: ignore[arg-type]  # from a dict
    claim = offer.claims[0]
    assert (claim.status is ClaimStatus.TO_CONFIRM) is expected
    assert bool(claim.changes) is expected
    if expected:
        [[_label, _before, after]] = claim.changes
        assert after == next(iter(changed.values()))


def test_copy_of_an_offer_carries_what_was_found_against_it(app: Flask) -> None:
    facts = {"open_source": ClaimStatus.CONTRADICTED, "sme": ClaimStatus.VERIFIED}
    copy = copy_offer(SYSTEM, make_offer(facts=facts))
    claims = db.session.scalars(sa.select(Claim).where(Claim.offer_id == copy.id)).all()
    assert [(claim.attribute_key, claim.status) for claim in claims] == [
        ("open_source", ClaimStatus.CONTRADICTED)
    ]


@pytest.mark.parametrize("act", ["reopen", Verdict.VERIFIED, Verdict.NOT_ESTABLISHED])
def test_a_moderator_does_not_make_a_yes_and_a_no_stand_together(
    moderator: Actor, act: Verdict | str
) -> None:
    offer = make_offer(facts={"open_source": ClaimStatus.CONTRADICTED})
    yes = offer.claims[0]
    subject = subject_of(offer)
    no = services.declare_claim(SYSTEM, subject, attribute_key="open_source", value=False)

    def go() -> None:
        if isinstance(act, Verdict):
            yes.awaits_verification = True
            services.decide_claim(moderator, yes, verdict=act, reason="Lu.")
        else:
            services.reopen_decision(moderator, yes, reason="À relire.")

    with pytest.raises(RuleBroken) as refused:
        go()
    assert "contraire" in str(refused.value.fields)
    assert yes.status is ClaimStatus.CONTRADICTED
    services.withdraw_claim(SYSTEM, no)
    go()
    assert yes.status is (ClaimStatus(act.value) if isinstance(act, Verdict) else ClaimStatus.DECLARED)
