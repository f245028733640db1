"""The problem of an event, from the database.

Value of a candidate meeting, in whole points so that objective and bound are exact:
- MATCH_POINTS times the match score of the best proposal between the two, as a share of its need's best;
- plus MUTUAL_POINTS when both want it, BUYER_POINTS when only the administration asked, VENDOR_POINTS when
  only the vendor did. The buyer side is slightly heavier; a mutual wish weighs more than any one-sided one;
- plus BASE_POINTS, so that filling a table is always better than leaving it empty.
SHORTFALL_PENALTY, for each meeting missing to a delegation's minimum, outweighs any two meetings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.events.enums import Side
from app.events.models import Delegation, Event, Slot
from app.events.queries.days import day_events_of, started_slots
from app.events.queries.delegations import delegations_of
from app.meetings.enums import InvitationState, PairRuleKind, RequestState
from app.meetings.models import GroupSession, MeetingRequest, PairRule
from app.meetings.queries.rules import pair_rules_of
from app.meetings.queries.scores import pair_scores
from app.meetings.queries.sessions import sessions_of
from app.meetings.queries.wishes import requests_of_event
from app.schedules.planner.day import after_day

MATCH_POINTS = 100


MUTUAL_POINTS = 120


BUYER_POINTS = 60


VENDOR_POINTS = 45


BASE_POINTS = 5


SEAT_POINTS = 50


SHORTFALL_PENALTY = 1000


Problem = dict[str, Any]


Pair = tuple[int, int]


def build_problem(event: Event, *, held: Iterable[Pair] = ()) -> Problem:
    """The event as it is now, what happened on the day included, as a problem with our identifiers; pairs
    already `held` stay candidates unless declined since, even where matching proposes them no more."""
    delegations = delegations_of(event.id)
    positions = {slot.id: position for position, slot in enumerate(event.slots)}
    rules = pair_rules_of(event.id)
    scores = dict.fromkeys(held, 0.0) | pair_scores(event.id)
    pinned = {(rule.administration_id, rule.vendor_id) for rule in rules if rule.kind is PairRuleKind.PINNED}
    values = candidate_values(requests_of_event(event.id), scores, pinned)
    problem = {
        "name": event.name,
        "slots": len(event.slots),
        "tables": [event.tables if slot.tables is None else slot.tables for slot in event.slots],
        "rooms": event.rooms,
        "shortfall_penalty": SHORTFALL_PENALTY,
        "participants": [_participant(delegation, event.slots) for delegation in delegations],
        "candidates": [{"a": str(a), "v": str(v), "w": value} for (a, v), value in sorted(values.items())],
        "pinned": [_pin(rule, positions) for rule in rules if rule.kind is PairRuleKind.PINNED],
        "forbidden": [
            [str(rule.administration_id), str(rule.vendor_id)]
            for rule in rules
            if rule.kind is PairRuleKind.FORBIDDEN
        ],
        "groups": [_group(session, positions) for session in sessions_of(event.id)],
    }
    return after_day(
        problem, day_events_of(event.id), [slot.starts_at for slot in event.slots], started_slots(event)
    )


def candidate_values(
    requests: Iterable[MeetingRequest], scores: Mapping[Pair, float], pinned: Iterable[Pair] = ()
) -> dict[Pair, int]:
    """Points of every pair that may meet: asked for, proposed or pinned; never a refused one."""
    asked = {(request.administration_id, request.vendor_id): request for request in requests}
    values: dict[Pair, int] = {}
    kept = set(pinned)
    for pair in {*asked, *scores, *kept}:
        request = asked.get(pair)
        if request is not None and request.is_refused and pair not in kept:
            continue
        own_score = request.match_score if request is not None else None
        score = max(own_score or 0.0, scores.get(pair, 0.0))
        values[pair] = BASE_POINTS + round(MATCH_POINTS * score) + _request_points(request)
    return values


def _request_points(request: MeetingRequest | None) -> int:
    if request is None or request.is_refused:
        return 0
    if request.state is RequestState.ACCEPTED:
        return MUTUAL_POINTS
    return BUYER_POINTS if request.requested_by is Side.ADMINISTRATION else VENDOR_POINTS


def _participant(delegation: Delegation, slots: Sequence[Slot]) -> dict[str, Any]:
    present = [position for position, slot in enumerate(slots) if not delegation.is_away(slot.period)]
    return {
        "id": str(delegation.id),
        "side": "A" if delegation.side is Side.ADMINISTRATION else "V",
        "avail": present if len(present) < len(slots) else None,
        "min": delegation.min_meetings,
        "max": delegation.max_meetings,
        "table": delegation.table,
    }


def _pin(rule: PairRule, positions: Mapping[int, int]) -> dict[str, Any]:
    pin: dict[str, Any] = {"a": str(rule.administration_id), "v": str(rule.vendor_id)}
    return pin if rule.slot_id is None else pin | {"slot": positions[rule.slot_id]}


def _session_id(session: GroupSession) -> str:
    return f"session-{session.id}"


def _group(session: GroupSession, positions: Mapping[int, int]) -> dict[str, Any]:
    """A session as a group: its only slot is given, and everyone who accepted has a seat."""
    accepted = [
        invitation.vendor_id
        for invitation in session.invitations
        if invitation.state is InvitationState.ACCEPTED
    ]
    return {
        "id": _session_id(session),
        "ambassador": str(session.host_id),
        "vendors": [{"v": str(vendor_id), "w": SEAT_POINTS} for vendor_id in accepted],
        "cap": max(session.capacity, len(accepted)),
        "min": len(accepted),
        "slots": [positions[session.slot_id or 0]],
    }


def names_of(event: Event) -> dict[str, str]:
    """Identifier in a problem -> name to show; sessions are named by their theme."""
    themes = {_session_id(session): session.theme for session in sessions_of(event.id)}
    return themes | {str(item.id): item.organisation.name for item in delegations_of(event.id)}


def hours_of(event: Event) -> list[str]:
    """Local hour at which each slot starts, after its day where the event has several."""
    shown = "%H:%M" if len(event.days) < 2 else "%d/%m %H:%M"
    return [slot.starts_at.astimezone(event.zone).strftime(shown) for slot in event.slots]
