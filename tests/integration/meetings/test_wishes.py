import pytest
from flask import Flask

from app.accounts.queries import actor_of
from app.core import clock
from app.core.errors import InvalidTransition, NotFound, RuleBroken
from app.events.enums import EventStatus, Side
from app.meetings.enums import PairRuleKind, RequestState
from app.meetings.queries.wishes import find_request
from app.meetings.services import answer_request, request_meeting, set_pair_rule, withdraw_request
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


def test_withdraw_request_is_for_who_asked_and_has_no_answer(app: Flask) -> None:
    administration, vendor = make_pair(make_event())
    request = make_request(administration, vendor)
    with pytest.raises(NotFound):
        withdraw_request(vendor_of(vendor), request)
    request.state, request.answered_at = RequestState.ACCEPTED, NOW
    with pytest.raises(InvalidTransition):
        withdraw_request(ambassador_of(administration), request)
    request.state, request.answered_at = RequestState.PENDING, None
    withdraw_request(ambassador_of(administration), request)
    assert find_request(administration.id, vendor.id) is None


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
