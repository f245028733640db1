"""Typed attributes: what may be claimed, asked and shown of a number, a date, a choice, a set of choices."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from app.accounts.queries import actor_of
from app.claims import services
from app.claims.engine import Outcome
from app.claims.enums import Verdict
from app.claims.presenters import claim_rows, value_text
from app.core.db import db, unit_of_work
from app.core.errors import RuleBroken
from app.matchmaking.engine import engine
from app.matchmaking.services.indexing import reindex_all
from app.needs.enums import RequiredLevel
from app.offers.models import Offer
from app.offers.queries import answers_of, subject_of
from app.permissions import SYSTEM, VISITOR, Role
from app.reference.enums import AttributeType, CriterionOperator, CriterionSubject, VerificationPolicy
from app.reference.queries import criteria
from app.reference.services import add_criterion
from tests.clients import IsolatedClient
from tests.factories import make_attribute, make_criterion, make_need, make_offer, make_user, make_vendor

DAY = date(2026, 11, 22)
TYPED: dict[str, dict[str, Any]] = {
    "lead_time": {"type": AttributeType.NUMBER, "unit": "jours"},
    "support_until": {"type": AttributeType.DATE},
    "access": {"type": AttributeType.CHOICE, "options": ["web", "mobile"]},
    "locations": {"type": AttributeType.CHOICES, "options": ["FR", "DE", "US"]},
    "free": {},
}


@pytest.fixture
def offer(app: Flask) -> Offer:
    for key, values in TYPED.items():
        make_criterion(
            f"asks_{key}",
            attribute=make_attribute(key, **values),
            operator=CriterionOperator.IS,
            operand=True,
        )
    return make_offer()


@pytest.mark.parametrize(
    ("key", "given", "stored", "shown"),
    [
        ("lead_time", Decimal("30.0"), 30, "30\N{NO-BREAK SPACE}jours"),
        ("lead_time", "12,5", 12.5, "12,5\N{NO-BREAK SPACE}jours"),
        ("support_until", date(2027, 3, 27), "2027-03-27", "27 mars 2027"),
        ("access", "web", "web", "web"),
        ("locations", ["DE", "FR"], ["FR", "DE"], "FR, DE"),
        ("free", False, False, "Non"),
    ],
)
def test_value_is_kept_as_its_type_says(
    offer: Offer, key: str, given: object, stored: object, shown: str
) -> None:
    claim = services.declare_claim(SYSTEM, subject_of(offer), attribute_key=key, value=given)
    assert claim.value == stored
    assert value_text(claim.attribute, claim.value) == shown
    [row] = claim_rows([claim], DAY, VISITOR)
    assert row.words.startswith(shown)


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("lead_time", "vite"),
        ("lead_time", True),
        ("lead_time", "nan"),
        ("support_until", "demain"),
        ("access", "fax"),
        ("locations", ["FR", "UK"]),
        ("locations", []),
        ("free", "oui"),
        ("free", 1),
    ],
)
def test_value_of_another_type_is_refused(offer: Offer, key: str, given: object) -> None:
    with pytest.raises(RuleBroken) as refused:
        services.declare_claim(SYSTEM, subject_of(offer), attribute_key=key, value=given)
    assert list(refused.value.fields) == ["value"]


def new_criterion(key: str, measured: dict[str, Any]) -> Any:
    return add_criterion(
        SYSTEM,
        key=key,
        subject=CriterionSubject.OFFER,
        measured=measured,  # type: ignore[arg-type]  # the values come in a dict
        position=1,
        verification_policy=VerificationPolicy.DOCUMENT,
        label_fr=key,
        label_en=key,
    )


def test_thresholds_become_hard_criteria_without_new_code(app: Flask) -> None:
    number = {"type": AttributeType.NUMBER, "unit": "jours"}
    new_criterion("month", {**number, "operator": CriterionOperator.AT_MOST, "operand": "30"})
    quarter = {"attribute_key": "month", "operator": CriterionOperator.AT_MOST, "operand": "90"}
    new_criterion("quarter", quarter)
    countries = {"type": AttributeType.CHOICES, "options": ["FR", "DE", "US"]}
    new_criterion("in_the_eu", {**countries, "operator": CriterionOperator.ONE_OF, "operand": "FR, DE"})
    offers = [make_offer(name=name) for name in ("vingt", "trente", "quarante", "silencieuse")]
    for offer, days in zip(offers, (20, 30, 40), strict=False):
        services.declare_claim(SYSTEM, subject_of(offer), attribute_key="month", value=days)
        places = ["FR", "US"] if days == 20 else ["FR"]
        services.declare_claim(SYSTEM, subject_of(offer), attribute_key="in_the_eu", value=places)
    db.session.commit()
    with unit_of_work():
        reindex_all()
    found = {}
    for keys in (("month",), ("quarter",), ("in_the_eu",), ("month", "in_the_eu")):
        need = make_need(requires=dict.fromkeys(keys, RequiredLevel.DECLARED))
        found[keys] = {item.offer_id for item in engine().match(need, 10, ["market"]).proposed}
    ids = [offer.id for offer in offers]
    assert found == {
        ("month",): {ids[0], ids[1]},
        ("quarter",): {ids[0], ids[1], ids[2]},
        ("in_the_eu",): {ids[1], ids[2]},
        ("month", "in_the_eu"): {ids[1]},
    }
    answers = {a.criterion.key: a.found.outcome for a in answers_of([offers[2]], criteria(), DAY)[ids[2]]}
    assert answers == {"month": Outcome.NOT_MET, "quarter": Outcome.MET, "in_the_eu": Outcome.MET}


@pytest.mark.parametrize(
    ("measured", "field"),
    [
        ({"operator": CriterionOperator.AT_MOST, "operand": 3}, "operator"),
        ({"type": AttributeType.NUMBER, "operand": "beaucoup"}, "operand"),
        ({"type": AttributeType.NUMBER, "operator": CriterionOperator.CONTAINS, "operand": "1"}, "operator"),
        ({"type": AttributeType.CHOICE, "options": ["seul"], "operand": "seul"}, "options"),
        ({"type": AttributeType.DATE, "unit": "jours", "operand": "2027-01-01"}, "unit"),
        ({"attribute_key": "inconnu", "operand": True}, "attribute_key"),
        (
            {
                "type": AttributeType.CHOICES,
                "options": ["a", "b"],
                "operator": CriterionOperator.CONTAINS,
                "operand": "c",
            },
            "operand",
        ),
    ],
)
def test_criterion_that_asks_nonsense_is_refused(app: Flask, measured: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        new_criterion("odd", measured)
    assert list(refused.value.fields) == [field]


def test_contradicting_a_number_says_what_is_established(offer: Offer) -> None:
    claim = services.declare_claim(SYSTEM, subject_of(offer), attribute_key="lead_time", value=20)
    for found in (None, "20", "longtemps"):
        with pytest.raises(RuleBroken) as refused:
            services.decide_claim(SYSTEM, claim, verdict=Verdict.CONTRADICTED, reason="Contrat.", found=found)
        assert list(refused.value.fields) == ["found"]
    services.decide_claim(SYSTEM, claim, verdict=Verdict.CONTRADICTED, reason="Contrat.", found="45")
    assert claim.found == 45


def test_moderator_adds_a_threshold_and_a_vendor_answers_it(app: Flask, client: IsolatedClient) -> None:
    client.sign_in(make_user(Role.MODERATOR))
    added = client.post(
        "/moderation/referentiels/criteres/nouveau",
        data={
            "label_fr": "Accessible à 75 %",
            "label_en": "Accessible at 75 %",
            "verification_policy": "document",
            "key": "rgaa_75",
            "subject": "offer",
            "position": "3",
            "type": "number",
            "unit": "%",
            "operator": "at_least",
            "operand": "75",
        },
    )
    assert added.status_code == 302
    vendor = make_vendor()
    offer = make_offer(vendor)
    client.sign_in(make_user(Role.VENDOR, vendor))
    address = f"/mes-offres/{offer.id}/attestations"
    assert 'name="value"' not in client.get(address).text
    assert "En %." in client.get(f"{address}?attribut=rgaa_75").text
    said = {"attribute_key": "rgaa_75", "value": "82,5", "statement": "Audit de mai"}
    assert client.post(address, data=said).status_code == 302
    page = client.get(f"/offres/{offer.slug}").text
    assert "Oui, déclaré" in page
    assert "82,5\N{NO-BREAK SPACE}%" in page
    member = actor_of(make_user(Role.VENDOR, vendor))
    with pytest.raises(RuleBroken):
        services.declare_claim(member, subject_of(offer), attribute_key="rgaa_75", value=60)
