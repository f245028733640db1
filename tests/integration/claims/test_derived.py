"""What a licence, a lead time and a company's size say: claimed, kept in step, and not to be contradicted."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from app.accounts.enums import VendorKind, VendorSize
from app.accounts.models import Organisation
from app.accounts.services import organisations
from app.claims import services
from app.claims.engine import Outcome
from app.claims.enums import ClaimOrigin, ClaimStatus, Verdict
from app.claims.models import Claim
from app.claims.presenters import answer_rows, claim_rows
from app.claims.queries import claims_about_organisation, subject_of_organisation
from app.core.clock import fixed_at
from app.core.errors import InvalidTransition, RuleBroken
from app.offers.models import Offer
from app.offers.queries import answers_of, claims_about, subject_of
from app.offers.services import copy_offer, create_offer, edit_offer
from app.permissions import SYSTEM, VISITOR
from app.reference.enums import AttributeType, CriterionOperator, CriterionSubject
from app.reference.queries import criteria
from tests.factories import make_attribute, make_criterion, make_vendor

DAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def asked(app: Flask) -> Iterator[None]:
    make_criterion("open_source")
    make_criterion("sme", subject=CriterionSubject.ORGANISATION)
    lead_time = make_attribute("lead_time_days", type=AttributeType.NUMBER, unit="jours")
    make_criterion("lead_time_30", attribute=lead_time, operator=CriterionOperator.AT_MOST, operand=30)
    with fixed_at(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        yield


def offered(**content: Any) -> Offer:
    return create_offer(SYSTEM, organisation=make_vendor(), name="Agenda partagé", **content)


def registered(size: VendorSize | None) -> Organisation:
    return organisations.register_vendor(
        SYSTEM, name="Filature", vendor_kind=VendorKind.PUBLISHER, vendor_size=size, country="BE"
    )


def resize(vendor: Organisation, size: VendorSize | None) -> None:
    said: dict[str, Any] = {
        "name": vendor.name,
        "vendor_kind": VendorKind.PUBLISHER,
        "city": "",
        "website": "",
    }
    organisations.edit_vendor(
        SYSTEM, vendor, expected_version=vendor.version, vendor_size=size, description="", **said
    )


def standing(claims: Any) -> list[tuple[str, Any, ClaimStatus]]:
    """Attribute, value and state of the claims that were not withdrawn, in the order they were made."""
    kept = [claim for claim in claims if claim.status is not ClaimStatus.WITHDRAWN]
    return [(one.attribute_key, one.value, one.status) for one in sorted(kept, key=lambda one: one.id)]


def outcome(offer: Offer, key: str) -> Outcome:
    answers = answers_of([offer], criteria(), DAY)[offer.id]
    return next(one.found.outcome for one in answers if one.criterion.key == key)


def stated(offer: Offer, key: str, value: object, **values: Any) -> Claim:
    return services.declare_claim(SYSTEM, subject_of(offer), attribute_key=key, value=value, **values)


@pytest.mark.parametrize(
    ("licence", "found"),
    [("EUPL-1.2", Outcome.MET), ("BUSL-1.1", Outcome.NOT_MET), (None, Outcome.UNKNOWN)],
)
def test_a_licence_answers_whether_the_software_is_free(licence: str | None, found: Outcome) -> None:
    assert outcome(offered(licence=licence), "open_source") is found


@pytest.mark.parametrize(
    ("days", "found"),
    [(30, Outcome.MET), (31, Outcome.NOT_MET), (0, Outcome.MET), (None, Outcome.UNKNOWN)],
)
def test_a_lead_time_is_compared(days: int | None, found: Outcome) -> None:
    assert outcome(offered(lead_time_days=days), "lead_time_30") is found


@pytest.mark.parametrize(
    ("size", "value", "agrees"),
    [
        (VendorSize.MICRO, True, True),
        (VendorSize.SME, True, True),
        (VendorSize.SME, False, False),
        (VendorSize.MID, True, False),
        (VendorSize.LARGE, False, True),
        (None, False, True),
    ],
)
def test_what_a_record_says_is_not_contradicted(size: VendorSize | None, value: bool, agrees: bool) -> None:
    vendor = registered(size)
    with nullcontext() if agrees else pytest.raises(RuleBroken, match="fiche de l’entreprise"):
        services.declare_claim(SYSTEM, subject_of_organisation(vendor), attribute_key="sme", value=value)


def test_what_an_offer_says_is_not_contradicted() -> None:
    offer = offered(licence="MIT", lead_time_days=45)
    with pytest.raises(RuleBroken, match="licence de l’offre \\(MIT\\)"):
        stated(offer, "open_source", False)
    with pytest.raises(RuleBroken, match="en 45 jours"):
        stated(offer, "lead_time_days", 30)
    assert stated(offer, "open_source", True).origin is ClaimOrigin.STATED


def test_a_claim_follows_its_field() -> None:
    offer = offered(licence="MIT", lead_time_days=45)
    edit_offer(SYSTEM, offer, summary="Un agenda")
    said = [("open_source", True, ClaimStatus.DECLARED), ("lead_time_days", 45, ClaimStatus.DECLARED)]
    assert standing(claims_about(offer)) == said
    edit_offer(SYSTEM, offer, licence="BUSL-1.1", lead_time_days=None)
    assert standing(claims_about(offer)) == [("open_source", False, ClaimStatus.DECLARED)]
    edit_offer(SYSTEM, offer, licence=None)
    assert standing(claims_about(offer)) == []
    assert len(claims_about(offer)) == 3  # withdrawn, not erased


def test_a_claim_follows_the_size_of_its_company() -> None:
    vendor = registered(VendorSize.SME)
    resize(vendor, VendorSize.MICRO)
    assert standing(claims_about_organisation(vendor)) == [("sme", True, ClaimStatus.DECLARED)]
    resize(vendor, VendorSize.MID)
    assert standing(claims_about_organisation(vendor)) == [("sme", False, ClaimStatus.DECLARED)]
    resize(vendor, None)
    assert standing(claims_about_organisation(vendor)) == []


def test_what_was_stated_to_the_contrary_gives_way_or_waits_for_a_moderator() -> None:
    offer = offered()
    stated(offer, "open_source", True)
    verified = stated(offer, "open_source", True)
    services.decide_claim(SYSTEM, verified, verdict=Verdict.VERIFIED, reason="Dépôt lu")
    edit_offer(SYSTEM, offer, licence="BUSL-1.1")
    assert standing(claims_about(offer)) == [
        ("open_source", True, ClaimStatus.TO_CONFIRM),
        ("open_source", False, ClaimStatus.DECLARED),
    ]
    assert outcome(offer, "open_source") is Outcome.NOT_MET


def test_what_is_over_does_not_stand_in_the_way() -> None:
    offer = offered()
    old = stated(offer, "open_source", False, valid_until=date(2026, 11, 21), as_history=True)
    edit_offer(SYSTEM, offer, licence="MIT")
    assert old.status is ClaimStatus.DECLARED


def test_a_finding_to_the_contrary_stays_and_the_field_waits_for_a_moderator() -> None:
    offer = offered(licence="MIT")
    services.decide_claim(
        SYSTEM, claims_about(offer)[0], verdict=Verdict.CONTRADICTED, reason="Le dépôt est fermé"
    )
    edit_offer(SYSTEM, offer, summary="Un agenda")
    assert standing(claims_about(offer)) == [("open_source", True, ClaimStatus.CONTRADICTED)]
    edit_offer(SYSTEM, offer, licence=None)
    edit_offer(SYSTEM, offer, licence="EUPL-1.2")
    assert standing(claims_about(offer)) == [("open_source", True, ClaimStatus.CONTRADICTED)]
    assert outcome(offer, "open_source") is Outcome.NOT_MET
    copied = copy_offer(SYSTEM, offer)
    assert outcome(copied, "open_source") is Outcome.NOT_MET


def test_a_field_set_against_a_finding_waits_for_a_moderator() -> None:
    offer = offered()
    refuted = stated(offer, "open_source", True)
    services.decide_claim(SYSTEM, refuted, verdict=Verdict.CONTRADICTED, reason="Le dépôt est fermé")
    edit_offer(SYSTEM, offer, licence="MIT")
    assert [one.awaits_verification for one in claims_about(offer)] == [True, False]
    edit_offer(SYSTEM, offer, licence="BUSL-1.1")
    assert [one.awaits_verification for one in claims_about(offer)] == [False, False, False]


def test_a_derived_claim_is_neither_withdrawn_nor_sent_to_the_moderators() -> None:
    claim = claims_about(offered(licence="MIT"))[0]
    with pytest.raises(InvalidTransition, match="corrigez ce champ"):
        services.withdraw_claim(SYSTEM, claim)
    with pytest.raises(InvalidTransition, match="avec sa preuve"):
        services.request_verification(SYSTEM, claim)
    row = claim_rows([claim], DAY, VISITOR)[0]
    assert (row.may_verify, row.may_withdraw) == (False, False)


def test_pages_say_which_field_speaks() -> None:
    vendor = registered(VendorSize.SME)
    offer = create_offer(SYSTEM, organisation=vendor, name="Agenda", licence="MIT", lead_time_days=12)
    shown = {row.label: row.basis for row in answer_rows(answers_of([offer], criteria(), DAY)[offer.id])}
    assert shown == {
        "open_source": "D’après la licence de l’offre : MIT.",
        "sme": "D’après la fiche de l’entreprise.",
        "lead_time_30": "12\N{NO-BREAK SPACE}jours. D’après le délai de mise en service que l’offre annonce.",
    }
