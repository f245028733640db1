from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.queries import actor_of
from app.core import clock
from app.core.db import db
from app.core.errors import InvalidTransition, NotFound, RuleBroken
from app.events.enums import EventStatus, Side
from app.meetings.enums import PairRuleKind, RequestState
from app.meetings.queries.wishes import find_request
from app.meetings.services import (
    answer_request,
    refuse_meeting,
    request_meeting,
    set_pair_rule,
    withdraw_request,
)
from app.outbox.models import Mail
from app.permissions import SYSTEM, Actor, Role
from tests.conftest import NOW
from tests.factories import make_user
from tests.integration.events.factories import make_delegation, make_event, make_pair, make_request


def ambassador_of(delegation: object) -> Actor:
    return actor_of(make_user(Role.AMBASSADOR, delegation.organisation))  # type: ignore[attr-defined]  # a loosely typed answer


def vendor_of(delegation: object) -> Actor:
    return actor_of(make_user(Role.VENDOR, delegation.organisation))  # type: ignore[attr-defined]  # a loosely typed answer


def test_request_meeting_then_accept_makes_it_mutual(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    request = request_meeting(
        ambassador_of(administration),
        event,
        administration=administration,
        vendor=vendor,
        requested_by=Side.ADMINISTRATION,
        message="Bonjour",
        match_score=0.5,
    )
    answer_request(vendor_of(vendor), request, accept=True, message="Avec plaisir")
    assert (request.state, request.answer) == (RequestState.ACCEPTED, "Avec plaisir")


def test_request_meeting_for_another_organisation_does_not_exist(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    stranger = actor_of(make_user(Role.AMBASSADOR))
    with pytest.raises(NotFound):
        request_meeting(
            stranger, event, administration=administration, vendor=vendor, requested_by=Side.ADMINISTRATION
        )


def test_request_meeting_asked_by_both_sides_is_mutual(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    make_request(administration, vendor)
    request = request_meeting(
        vendor_of(vendor), event, administration=administration, vendor=vendor, requested_by=Side.VENDOR
    )
    assert request.state is RequestState.ACCEPTED


@pytest.mark.parametrize("state", [RequestState.PENDING, RequestState.DECLINED, RequestState.ACCEPTED])
def test_request_meeting_twice_is_refused(app: Flask, state: RequestState) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    make_request(administration, vendor, state=state)
    with pytest.raises(RuleBroken):
        request_meeting(
            SYSTEM, event, administration=administration, vendor=vendor, requested_by=Side.ADMINISTRATION
        )


def test_request_meeting_at_a_closed_event_is_refused(app: Flask) -> None:
    event = make_event(status=EventStatus.CLOSED)
    administration, vendor = make_pair(event)
    with pytest.raises(InvalidTransition):
        request_meeting(SYSTEM, event, administration=administration, vendor=vendor, requested_by=Side.VENDOR)


def test_nothing_is_asked_answered_or_withdrawn_once_the_event_is_past(app: Flask) -> None:
    event = make_event()
    (administration, vendor), other = make_pair(event), make_delegation(event, Side.VENDOR)
    request = make_request(administration, vendor)
    with clock.fixed_at(event.slots[-1].ends_at):
        with pytest.raises(InvalidTransition):
            request_meeting(
                SYSTEM, event, administration=administration, vendor=other, requested_by=Side.VENDOR
            )
        with pytest.raises(InvalidTransition):
            answer_request(vendor_of(vendor), request, accept=True)
        with pytest.raises(InvalidTransition):
            withdraw_request(ambassador_of(administration), request)
    assert find_request(administration.id, vendor.id) is request


def test_request_meeting_between_two_vendors_is_refused(app: Flask) -> None:
    event = make_event()
    one, other = make_delegation(event, Side.VENDOR), make_delegation(event, Side.VENDOR)
    with pytest.raises(RuleBroken):
        request_meeting(SYSTEM, event, administration=one, vendor=other, requested_by=Side.VENDOR)


def test_answer_request_by_the_side_that_asked_does_not_exist(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    request = make_request(administration, vendor)
    with pytest.raises(NotFound):
        answer_request(ambassador_of(administration), request, accept=True)
    assert request.state is RequestState.PENDING


def test_answer_request_again_changes_ones_mind(app: Flask) -> None:
    administration, vendor = make_pair(make_event())
    request = make_request(administration, vendor, state=RequestState.DECLINED, answer="Complet")
    with pytest.raises(InvalidTransition):
        answer_request(vendor_of(vendor), request, accept=False)
    answer_request(vendor_of(vendor), request, accept=True, message="Finalement, oui")
    assert (request.state, request.answer) == (RequestState.ACCEPTED, "Finalement, oui")


def test_request_meeting_by_who_declined_accepts_it(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    make_request(administration, vendor, state=RequestState.DECLINED)
    request = request_meeting(
        vendor_of(vendor), event, administration=administration, vendor=vendor, requested_by=Side.VENDOR
    )
    assert request.state is RequestState.ACCEPTED


def test_a_wish_without_answer_is_taken_back_by_who_asked_and_forgotten(app: Flask) -> None:
    administration, vendor = make_pair(make_event())
    request = make_request(administration, vendor)
    with pytest.raises(NotFound):
        withdraw_request(vendor_of(vendor), request)
    withdraw_request(ambassador_of(administration), request)
    assert find_request(administration.id, vendor.id) is None


def test_an_accepted_wish_is_taken_back_and_the_other_side_told(app: Flask) -> None:
    administration, vendor = make_pair(make_event(wishes_until=NOW))
    request = make_request(administration, vendor, state=RequestState.ACCEPTED, answer="Volontiers")
    person = make_user(Role.VENDOR, vendor.organisation)
    withdraw_request(ambassador_of(administration), request, message="Projet arrêté.")
    assert (request.state, request.withdrawal) == (RequestState.WITHDRAWN, "Projet arrêté.")
    (mail,) = db.session.scalars(sa.select(Mail)).all()
    assert mail.recipient == person.email
    assert "retire sa demande de rencontre" in mail.body
    assert "Projet arrêté." in mail.body
    with pytest.raises(InvalidTransition):
        withdraw_request(ambassador_of(administration), request)


def test_what_was_taken_back_is_asked_again_by_who_asked_only(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    request = make_request(administration, vendor, state=RequestState.WITHDRAWN, answer="Volontiers")
    pair: dict[str, Any] = {"administration": administration, "vendor": vendor}
    for accept in (True, False):
        with pytest.raises(InvalidTransition):
            answer_request(vendor_of(vendor), request, accept=accept)
    with pytest.raises(RuleBroken):
        request_meeting(vendor_of(vendor), event, **pair, requested_by=Side.VENDOR)
    again = request_meeting(
        ambassador_of(administration), event, **pair, requested_by=Side.ADMINISTRATION, message="Encore"
    )
    assert again is request
    assert (request.state, request.message, request.answer) == (RequestState.PENDING, "Encore", "")


def test_who_wants_no_meeting_nobody_asked_for_says_so_once_for_all(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    with pytest.raises(NotFound):
        refuse_meeting(ambassador_of(administration), event, by=vendor, other=administration, message="")
    refuse_meeting(vendor_of(vendor), event, by=vendor, other=administration, message="Hors sujet.")
    request = find_request(administration.id, vendor.id)
    assert request is not None
    assert (request.requested_by, request.state) == (Side.VENDOR, RequestState.WITHDRAWN)
    with pytest.raises(RuleBroken):
        request_meeting(
            ambassador_of(administration),
            event,
            administration=administration,
            vendor=vendor,
            requested_by=Side.ADMINISTRATION,
        )
    with pytest.raises(RuleBroken) as warned:
        set_pair_rule(SYSTEM, event, administration=administration, vendor=vendor, kind=PairRuleKind.PINNED)
    assert f"{vendor.organisation.name} a refusé cette rencontre : « Hors sujet. »" in warned.value.message


@pytest.mark.parametrize(
    ("asked_by", "state"),
    [(Side.ADMINISTRATION, RequestState.DECLINED), (Side.VENDOR, RequestState.WITHDRAWN)],
)
def test_refusing_a_wish_is_an_answer_or_a_withdrawal(
    app: Flask, asked_by: Side, state: RequestState
) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    request = make_request(administration, vendor, state=RequestState.ACCEPTED, requested_by=asked_by)
    refuse_meeting(vendor_of(vendor), event, by=vendor, other=administration, message="Non.")
    assert (request.state, request.answer or request.withdrawal) == (state, "Non.")


def test_set_pair_rule_again_replaces_the_first(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    pinned = set_pair_rule(
        SYSTEM,
        event,
        administration=administration,
        vendor=vendor,
        kind=PairRuleKind.PINNED,
        slot=event.slots[1],
    )
    forbidden = set_pair_rule(
        SYSTEM, event, administration=administration, vendor=vendor, kind=PairRuleKind.FORBIDDEN
    )
    assert (forbidden.id, forbidden.kind, forbidden.slot_id) == (pinned.id, PairRuleKind.FORBIDDEN, None)


def test_set_pair_rule_at_a_slot_where_one_is_away_is_refused(app: Flask) -> None:
    event = make_event()
    administration = make_delegation(event, Side.ADMINISTRATION, away=(1,))
    vendor = make_delegation(event, Side.VENDOR)
    with pytest.raises(RuleBroken) as refused:
        set_pair_rule(
            SYSTEM,
            event,
            administration=administration,
            vendor=vendor,
            kind=PairRuleKind.PINNED,
            slot=event.slots[1],
        )
    assert list(refused.value.fields) == ["slot"]
