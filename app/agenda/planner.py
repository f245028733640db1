"""The only door of the agenda to `matching.scheduling`: builds the problem of an event from the database, has
it solved, and says its refusals in French.

Value of a candidate meeting, in whole points so that objective and bound are exact:
- MATCH_POINTS times the match score (0 to 1) of the best proposal between the two;
- plus MUTUAL_POINTS when both want it, BUYER_POINTS when only the administration asked, VENDOR_POINTS when
  only the vendor did. The buyer side is slightly heavier; a mutual wish weighs more than any one-sided one;
- plus BASE_POINTS, so that filling a table is always better than leaving it empty.
SHORTFALL_PENALTY, for each meeting missing to a delegation's minimum, outweighs any two meetings."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from app.agenda.enums import InvitationState, PairRuleKind, RequestState, Side
from app.agenda.models import Delegation, Event, GroupSession, MeetingRequest, PairRule
from app.agenda.queries.events import delegations_of
from app.agenda.queries.meetings import pair_rules_of, pair_scores, requests_of_event, sessions_of
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _

MATCH_POINTS = 100
MUTUAL_POINTS = 120
BUYER_POINTS = 60
VENDOR_POINTS = 45
BASE_POINTS = 5
SEAT_POINTS = 50
SHORTFALL_PENALTY = 1000
FIGURES = {"objective", "bound", "status"}  # they move with the wishes: no reason to refuse a schedule

Problem = dict[str, Any]
Pair = tuple[int, int]


class Progress(Protocol):
    """What the solver tells while it works."""

    @property
    def phase(self) -> str: ...
    @property
    def objective(self) -> float: ...
    @property
    def bound(self) -> float: ...
    @property
    def gap(self) -> float: ...
    @property
    def elapsed_s(self) -> float: ...


def build_problem(event: Event, *, held: Iterable[Pair] = ()) -> Problem:
    """The event as a scheduling problem, with our identifiers; pairs already `held` stay candidates unless
    declined since, even where matching proposes them no more."""
    delegations = delegations_of(event.id)
    positions = {slot.id: slot.position for slot in event.slots}
    rules = pair_rules_of(event.id)
    scores = dict.fromkeys(held, 0.0) | pair_scores(event.id)
    pinned = {(rule.administration_id, rule.vendor_id) for rule in rules if rule.kind is PairRuleKind.PINNED}
    values = candidate_values(requests_of_event(event.id), scores, pinned)
    return {
        "name": event.name,
        "slots": len(event.slots),
        "tables": [event.tables if slot.tables is None else slot.tables for slot in event.slots],
        "rooms": event.rooms,
        "shortfall_penalty": SHORTFALL_PENALTY,
        "participants": [_participant(delegation, positions) for delegation in delegations],
        "candidates": [{"a": str(a), "v": str(v), "w": value} for (a, v), value in sorted(values.items())],
        "pinned": [_pin(rule) for rule in rules if rule.kind is PairRuleKind.PINNED],
        "forbidden": [
            [str(rule.administration_id), str(rule.vendor_id)]
            for rule in rules
            if rule.kind is PairRuleKind.FORBIDDEN
        ],
        "groups": [_group(session) for session in sessions_of(event.id)],
    }


def candidate_values(
    requests: Iterable[MeetingRequest], scores: Mapping[Pair, float], pinned: Iterable[Pair] = ()
) -> dict[Pair, int]:
    """Points of every pair that may meet: asked for, proposed or pinned; never a declined one."""
    asked = {(request.administration_id, request.vendor_id): request for request in requests}
    values: dict[Pair, int] = {}
    kept = set(pinned)
    for pair in {*asked, *scores, *kept}:
        request = asked.get(pair)
        if request is not None and request.state is RequestState.DECLINED and pair not in kept:
            continue
        own_score = request.match_score if request is not None else None
        score = max(own_score or 0.0, scores.get(pair, 0.0))
        values[pair] = BASE_POINTS + round(MATCH_POINTS * score) + _request_points(request)
    return values


def _request_points(request: MeetingRequest | None) -> int:
    if request is None or request.state is RequestState.DECLINED:
        return 0
    if request.state is RequestState.ACCEPTED:
        return MUTUAL_POINTS
    return BUYER_POINTS if request.requested_by is Side.ADMINISTRATION else VENDOR_POINTS


def _participant(delegation: Delegation, positions: Mapping[int, int]) -> dict[str, Any]:
    away = {positions[absence.slot_id] for absence in delegation.absences if absence.slot_id in positions}
    present = [position for position in sorted(positions.values()) if position not in away]
    return {
        "id": str(delegation.id),
        "side": "A" if delegation.side is Side.ADMINISTRATION else "V",
        "avail": present if away else None,
        "min": delegation.min_meetings,
        "max": delegation.max_meetings,
        "table": delegation.table,
    }


def _pin(rule: PairRule) -> dict[str, Any]:
    pin: dict[str, Any] = {"a": str(rule.administration_id), "v": str(rule.vendor_id)}
    return pin | {"slot": rule.slot.position} if rule.slot is not None else pin


def _session_id(session: GroupSession) -> str:
    return f"session-{session.id}"


def _group(session: GroupSession) -> dict[str, Any]:
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
        "slots": [session.slot.position],
    }


def names_of(event: Event) -> dict[str, str]:
    """Identifier in a problem -> name to show; sessions are named by their theme."""
    themes = {_session_id(session): session.theme for session in sessions_of(event.id)}
    return themes | {str(item.id): item.organisation.name for item in delegations_of(event.id)}


def check_problem(problem: Problem, names: Mapping[str, str]) -> None:
    """Raise RuleBroken, in French, with everything that makes the problem impossible to solve."""
    from matching.scheduling.errors import ProblemError
    from matching.scheduling.problem import Problem as SchedulingProblem

    if not problem["slots"]:
        raise RuleBroken(_("Créez d’abord les créneaux de la journée."))
    if not problem["candidates"]:
        raise RuleBroken(_("Aucune rencontre n’est demandée ni proposée : il n’y a rien à planifier."))
    try:
        SchedulingProblem.from_json(problem)
    except ProblemError as error:
        raise RuleBroken(" ".join(_refusal(item, names) for item in error.items)) from error


def conflicts(problem: Problem, schedule: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """What the checker holds against a schedule of this problem, in French; empty when it stands."""
    from matching.scheduling.check import check
    from matching.scheduling.errors import ProblemError
    from matching.scheduling.problem import Problem as SchedulingProblem

    try:
        checked = SchedulingProblem.from_json(problem)
    except ProblemError as error:
        return [_refusal(item, names) for item in error.items]
    return [_refusal(fault, names) for fault in check(checked, schedule) if fault.code not in FIGURES]


def solve(
    problem: Problem,
    *,
    time_limit_s: float | None,
    seed: int,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> dict[str, Any]:
    """The best schedule found in the time given, in the interchange format."""
    from matching.scheduling.problem import (
        Problem as SchedulingProblem,
    )  # loads ortools, which pages do not need
    from matching.scheduling.solve import solve as solve_schedule

    schedule = solve_schedule(
        SchedulingProblem.from_json(problem),
        time_limit_s=time_limit_s,
        seed=seed,
        on_progress=on_progress,
        should_stop=should_stop,
    )
    answer: dict[str, Any] = schedule.to_json()
    return answer


def seats(problem: Problem) -> list[dict[str, Any]]:
    """The sessions as already agreed: slot and vendors follow from the problem."""
    return [
        {
            "id": group["id"],
            "slot": group["slots"][0],
            "room": place,
            "vendors": [vendor["v"] for vendor in group["vendors"]],
        }
        for groups in _by_slot(problem["groups"]).values()
        for place, group in enumerate(groups)
    ]


def with_tables(meetings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The meetings, each with a table: the solver's, else the first one free at that slot."""
    taken = {(m["slot"], m["table"]) for m in meetings if m.get("table") is not None}
    complete = []
    for meeting in meetings:
        table = meeting.get("table")
        if table is None:
            table = next(
                n for n in range(len(meetings) + len(taken) + 1) if (meeting["slot"], n) not in taken
            )
            taken.add((meeting["slot"], table))
        complete.append({**meeting, "table": table})
    return complete


def _by_slot(groups: Iterable[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for group in groups:
        found.setdefault(group["slots"][0], []).append(group)
    return found


def unplaced_text(entry: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Why a wished meeting has no place, in words."""
    words = {
        "no_common_slot": _("Aucun créneau commun."),
        "forbidden": _("Rencontre interdite par l’organisateur."),
        "maximum_reached": _("L’un des deux a atteint son nombre maximal de rendez-vous."),
        "tables_full": _("Plus de table libre à leurs créneaux communs."),
        "outscored": _("Des rencontres de plus grande valeur occupent leurs créneaux."),
    }
    text = words.get(entry["reason"], str(entry["reason"]))
    held = [" – ".join(names.get(str(one), "?") for one in pair) for pair in entry.get("by", ())]
    return f"{text} ({', '.join(held)})" if held else text


def phase_text(phase: str) -> str:
    """What the solver is doing, in words."""
    words = {
        "reading": _("Lecture des souhaits et des contraintes."),
        "flow": _("Calcul du meilleur possible."),
        "colouring": _("Répartition des rencontres entre les créneaux."),
    }
    return words.get(phase, _("Recherche d’un meilleur planning."))


def _refusal(fault: Any, names: Mapping[str, str]) -> str:
    """A fault of the solver's or the checker's, in French; what has no wording yet is shown as it is."""
    who = " – ".join(names.get(part, part) for part in str(fault.item).split("/"))
    slot = re.search(r"slot (\d+)", str(fault.text))
    template = _wordings().get(fault.code)
    return template % {"who": who, "slot": int(slot[1]) + 1 if slot else "?"} if template else str(fault)


def _wordings() -> dict[str, str]:
    lacks_rooms = _("Le créneau %(slot)s n’a pas assez de salles pour ses sessions.")
    lacks_tables = _("Le créneau %(slot)s n’a pas assez de tables.")
    session = _("La session « %(who)s » ne peut se tenir au créneau %(slot)s avec les éditeurs inscrits.")
    return {
        "above_maximum": _("%(who)s dépasse son nombre maximal de rendez-vous."),
        "double_booked": _("%(who)s a plusieurs activités au créneau %(slot)s."),
        "empty_side": _("Inscrivez au moins une administration et un éditeur."),
        "forbidden_pair": _("%(who)s : cette rencontre est interdite."),
        "group_collision": _("La session « %(who)s » prend quelqu’un qui est déjà pris au créneau %(slot)s."),
        "group_host_unavailable": _("La session « %(who)s » se tient quand son hôte est indisponible."),
        "group_size": session,
        "group_vendors_unavailable": _("La session « %(who)s » : un éditeur inscrit y est indisponible."),
        "min_above_max": _("%(who)s : le minimum dépasse le maximum de rendez-vous."),
        "not_a_candidate": _("%(who)s : cette rencontre a été refusée."),
        "own_table": _("%(who)s ne se tient pas à la table fixe de l’administration."),
        "pin_collision": _(
            "%(who)s : rencontre imposée au créneau %(slot)s, où l’un des deux est déjà pris."
        ),
        "pin_forbidden": _("%(who)s : rencontre à la fois imposée et interdite."),
        "pin_missing": _("%(who)s : la rencontre imposée n’a pas lieu."),
        "pin_moved": _("%(who)s : la rencontre imposée n’est pas à sa place."),
        "pin_outside_availability": _("%(who)s : rencontre imposée quand l’un des deux est indisponible."),
        "pin_without_table": _("%(who)s : rencontre imposée à un créneau sans table."),
        "pins_above_max": _("%(who)s : plus de rencontres imposées que son maximum de rendez-vous."),
        "pins_above_tables": lacks_tables,
        "room_misused": lacks_rooms,
        "rooms_exceeded": lacks_rooms,
        "rooms_full": lacks_rooms,
        "shared_table": _("%(who)s partage sa table fixe avec une autre délégation."),
        "table_misused": lacks_tables,
        "tables_exceeded": lacks_tables,
        "unavailable": _("%(who)s est indisponible au créneau %(slot)s."),
        "unknown_id": _("Une délégation ou une session de cette version n’existe plus."),
        "unknown_slot": _("Un créneau de cette version n’existe plus."),
    }
