"""What claims prove on a day: which one decides, whose it is, and from when to when."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.claims.engine import Outcome, met_criteria
from app.claims.enums import STANDING, ClaimStatus, ShownStatus
from app.claims.models import Claim
from app.claims.presenters import answer_rows, claim_rows
from app.core.clock import now
from app.core.db import db
from app.offers import queries
from app.offers.enums import OfferKind
from app.offers.models import Offer
from app.permissions import VISITOR
from app.reference.queries import criteria
from tests.factories import make_criterion, make_offer, make_vendor
from tests.query_counts import counted_queries

TODAY = date(2026, 11, 22)
EVE, MORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def known(offer: Offer, day: date = TODAY) -> dict[str, tuple[bool, str]]:
    """What is known of an offer: criterion -> (met, how far it is proved)."""
    answers = queries.answers_of([offer], criteria(), day)[offer.id]
    return {
        answer.criterion.key: (answer.is_met, "verified" if answer.is_verified else "declared")
        for answer in answers
        if answer.claim is not None
    }


def add_claim(offer: Offer, key: str, status: ClaimStatus = ClaimStatus.DECLARED, **values: object) -> Claim:
    decided_at = None if status is ClaimStatus.DECLARED else now()
    found = False if status is ClaimStatus.CONTRADICTED else None
    defaults: dict[str, object] = {
        "decided_at": decided_at,
        "found": found,
        "awaits_verification": status is ClaimStatus.TO_CONFIRM,
        "withdrawn_at": now() if status is ClaimStatus.WITHDRAWN else None,
    }
    claim = Claim(attribute=make_criterion(key).attribute, status=status, **{**defaults, **values})
    if "organisation" not in values:
        claim.offer_id, claim.organisation_id = offer.id, offer.organisation_id
    db.session.add(claim)
    db.session.commit()
    return claim


def test_facts_prefer_verified_to_declared(app: Flask) -> None:
    offer = make_offer()
    add_claim(offer, "open_source", ClaimStatus.VERIFIED)
    add_claim(offer, "open_source", ClaimStatus.DECLARED, value=False, created_at=now() + timedelta(days=1))
    assert known(offer) == {"open_source": (True, "verified")}


def test_facts_prefer_the_newest_among_equals(app: Flask) -> None:
    offer = make_offer()
    add_claim(offer, "open_source", value=True, created_at=now() - timedelta(days=1))
    add_claim(offer, "open_source", value=False)
    assert known(offer) == {"open_source": (False, "declared")}


def test_facts_take_a_contradicted_claim_for_what_was_found(app: Flask) -> None:
    offer = make_offer()
    add_claim(offer, "open_source", ClaimStatus.CONTRADICTED, valid_until=TODAY - timedelta(days=1))
    assert known(offer) == {"open_source": (False, "verified")}


@pytest.mark.parametrize(
    "dates",
    [{"valid_until": TODAY - timedelta(days=1)}, {"valid_from": TODAY + timedelta(days=1)}],
)
def test_facts_leave_out_claims_out_of_their_dates(app: Flask, dates: dict[str, date]) -> None:
    offer = make_offer()
    add_claim(offer, "open_source", ClaimStatus.VERIFIED, **dates)
    assert known(offer) == {}


def test_facts_hold_on_the_last_day(app: Flask) -> None:
    offer = make_offer()
    add_claim(offer, "open_source", valid_from=TODAY, valid_until=TODAY)
    assert known(offer) == {"open_source": (True, "declared")}


def test_facts_join_those_of_the_company(app: Flask) -> None:
    vendor = make_vendor()
    mine, other = make_offer(vendor), make_offer()
    add_claim(mine, "sme", organisation=vendor)
    add_claim(mine, "open_source")
    assert known(mine) == {"sme": (True, "declared"), "open_source": (True, "declared")}
    assert known(other) == {}


def test_answers_about_many_offers_take_as_many_queries_as_one(app: Flask) -> None:
    offers = [make_offer(facts={"open_source": ClaimStatus.DECLARED}) for _ in range(3)]
    loaded, asked = queries.published_offers([offer.id for offer in offers]), criteria()
    counts = []
    for some in (loaded[:1], loaded):
        with counted_queries() as statements:
            answers = queries.answers_of(some, asked, TODAY)
            assert [rows[0].claim.attribute.label for rows in answers.values() if rows[0].claim]
        counts.append(len(statements))
    assert counts == [1, 1]


@pytest.mark.parametrize("status", [ClaimStatus.NOT_ESTABLISHED, ClaimStatus.TO_CONFIRM])
def test_what_a_moderator_could_not_confirm_is_worth_a_declaration_never_a_no(
    app: Flask, status: ClaimStatus
) -> None:
    offer = make_offer()
    add_claim(offer, "open_source", status)
    assert known(offer) == {"open_source": (True, "declared")}
    [row] = answer_rows(queries.answers_of([offer], criteria(), TODAY)[offer.id])
    assert (row.badge, row.words[:4]) == ("declared", "Oui,")


def test_withdrawn_claim_says_nothing_and_stays_in_the_ledger(app: Flask) -> None:
    offer = make_offer()
    claim = add_claim(offer, "open_source", ClaimStatus.WITHDRAWN)
    assert known(offer) == {}
    [row] = claim_rows([claim], TODAY, VISITOR)
    assert (row.state, row.may_withdraw, row.may_answer, row.may_verify) == (
        ShownStatus.WITHDRAWN,
        False,
        False,
        False,
    )


def test_newest_decision_wins(app: Flask) -> None:
    offer = make_offer()
    add_claim(offer, "open_source", ClaimStatus.CONTRADICTED, decided_at=now() - timedelta(days=2))
    add_claim(offer, "open_source", ClaimStatus.DECLARED)
    assert known(offer) == {"open_source": (False, "verified")}
    add_claim(offer, "open_source", ClaimStatus.VERIFIED, decided_at=now() - timedelta(days=1))
    assert known(offer) == {"open_source": (True, "verified")}


def test_words_tell_a_no_from_what_is_not_known(app: Flask) -> None:
    offer = make_offer()
    add_claim(offer, "a_contradicted", ClaimStatus.CONTRADICTED)
    add_claim(offer, "b_no", ClaimStatus.VERIFIED, value=False)
    add_claim(offer, "c_said_no", value=False)
    add_claim(offer, "d_over", ClaimStatus.VERIFIED, valid_until=EVE)
    add_claim(offer, "e_later", valid_from=MORROW)
    make_criterion("f_silent")
    rows = answer_rows(queries.answers_of([offer], criteria(), TODAY)[offer.id])
    assert [row.words for row in rows] == [
        "Non, le contraire est établi",
        "Non, vérifié",
        "Non, déclaré",
        "Expiré",
        "Non renseigné",
        "Non renseigné",
    ]


def test_hosting_of_free_software_does_not_apply(app: Flask) -> None:
    make_criterion("eu_hosting", left_to_buyer=True)
    free, market = make_offer(kind=OfferKind.FREE_SOFTWARE), make_offer()
    answers = queries.answers_of([free, market], criteria(), TODAY)
    assert answers[free.id][0].found.outcome is Outcome.NOT_APPLICABLE
    assert answers[market.id][0].found.outcome is Outcome.UNKNOWN
    [row] = answer_rows(answers[free.id])
    assert (row.words, "hébergeur" in row.basis) == ("Sans objet", True)


def test_met_criteria_include_what_follows(app: Flask) -> None:
    make_criterion("eu_hosting", implied_by=["france_hosting"])
    offer = make_offer(facts={"france_hosting": ClaimStatus.VERIFIED, "sme": ClaimStatus.DECLARED})
    met = met_criteria([queries.subject_of(offer)], criteria(), TODAY)
    declared, verified = met[offer.id]
    assert declared == {"eu_hosting", "france_hosting", "sme"}
    assert verified == {"eu_hosting", "france_hosting"}


@pytest.mark.parametrize("status", list(ClaimStatus))
@pytest.mark.parametrize("first", [None, EVE, TODAY, MORROW])
@pytest.mark.parametrize("last", [None, EVE, TODAY, MORROW])
def test_queries_say_the_same_of_a_day_as_the_claim_itself(
    app: Flask, status: ClaimStatus, first: date | None, last: date | None
) -> None:
    if first and last and last < first:
        return
    claim = add_claim(make_offer(), "open_source", status, valid_from=first, valid_until=last)
    expired = db.session.scalars(sa.select(Claim.id).where(Claim.expired(TODAY))).all()
    holding = db.session.scalars(sa.select(Claim.id).where(Claim.holding(TODAY))).all()
    assert (claim.id in expired) == claim.has_expired(TODAY)
    assert (claim.status_on(TODAY) is ShownStatus.EXPIRED) == claim.has_expired(TODAY)
    begun, over = first in (None, EVE, TODAY), last == EVE
    assert (claim.id in holding) == (status in STANDING and begun and not over)
    assert claim.has_expired(TODAY) == (status in STANDING and over)
