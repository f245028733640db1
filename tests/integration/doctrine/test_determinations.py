"""A determination is signed, dated, quoted with its law, and binds the need."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask

from app.accounts.queries import actor_of
from app.core.clock import fixed_at, today
from app.core.db import db
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.doctrine.engine import Answers, Harm
from app.doctrine.queries import determinations_of
from app.doctrine.services import determine
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.permissions import Actor, Role
from app.reference.models import LegalParameter
from tests.clients import IsolatedClient
from tests.factories import make_need, make_user, saved

SENSITIVE = Answers(True, True, frozenset({Harm.PUBLIC_ORDER}))
SIGNED = {"reasons": "Dossiers d’enquête.", "owner_name": "X", "owner_function": "Directeur"}


@pytest.fixture
def need(app: Flask) -> Need:
    return make_need()


@pytest.fixture
def ambassador(need: Need) -> Actor:
    return actor_of(make_user(Role.AMBASSADOR, need.organisation))


def test_its_result_binds_the_need_until_another_is_signed(ambassador: Actor, need: Need) -> None:
    saved(
        LegalParameter(
            key="sren_art31_law",
            value="2024-449",
            legal_reference="loi, art. 31",
            valid_from=date(2024, 5, 23),
        )
    )

    first = determine(ambassador, need, SENSITIVE, **SIGNED)
    assert (need.secnumcloud_from, first.law) == (today(), [["loi, art. 31", "2024-449"]])
    second = determine(ambassador, need, Answers(False, True, SENSITIVE.harms), **SIGNED)

    assert (need.secnumcloud_from, second.number) == (None, 2)
    assert [row.required_from for row in determinations_of(need.id)] == [None, today()]


@pytest.mark.parametrize(
    ("changed", "answers", "field"),
    [
        ({"reasons": " "}, SENSITIVE, "reasons"),
        ({"owner_name": ""}, SENSITIVE, "owner_name"),
        ({"derogation": "Décret"}, SENSITIVE, "derogation_until"),
        ({}, Answers(True, True, SENSITIVE.harms, date(2027, 1, 1)), "derogation"),
    ],
)
def test_what_is_not_signed_whole_is_refused(
    ambassador: Actor, need: Need, changed: dict[str, str], answers: Answers, field: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        determine(ambassador, need, answers, **{**SIGNED, **changed})

    assert list(refusal.value.fields) == [field]
    assert need.secnumcloud_from is None


def test_a_closed_need_and_other_bodies_are_refused(ambassador: Actor, need: Need) -> None:
    with pytest.raises(Forbidden):
        determine(actor_of(make_user(Role.AMBASSADOR)), need, SENSITIVE, **SIGNED)
    need.status = NeedStatus.CLOSED
    db.session.commit()
    with pytest.raises(InvalidTransition):
        determine(ambassador, need, SENSITIVE, **SIGNED)


def test_page_signs_and_shows(need: Need, client: IsolatedClient) -> None:
    client.sign_in(make_user(Role.AMBASSADOR, need.organisation))
    page = f"/besoins/{need.id}/determination"
    typed = {**SIGNED, "uses_commercial_cloud": "yes", "is_body_in_scope": "yes", "harms": "public_order"}

    assert "Aucune détermination" in client.get(page).text
    assert client.post(page, data={**typed, "reasons": ""}).status_code == 422
    assert client.post(page, data=typed).status_code == 302
    assert "Hébergement SecNumCloud exigé" in client.get(page).text


@pytest.mark.parametrize(("end", "asked"), [(-1, True), (0, False), (1, False)])
def test_secnumcloud_is_asked_from_the_day_after_the_derogation(
    ambassador: Actor, need: Need, end: int, asked: bool
) -> None:
    last_day = today() + timedelta(days=30)
    answers = Answers(True, True, SENSITIVE.harms, last_day)
    determine(ambassador, need, answers, derogation="Décret", **SIGNED)
    later = datetime.combine(last_day - timedelta(days=end), time(12), UTC)

    with fixed_at(later):
        required = [(item.criterion_key, item.by_law) for item in need.effective_requirements]

    assert required == ([("secnumcloud", True)] if asked else [])
