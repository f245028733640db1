"""Repairs: frozen slots stay, nobody moves unless allowed, every difference is listed."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from matching.scheduling.generator import generate
from matching.scheduling.model.errors import ProblemError
from matching.scheduling.model.problem import Candidate, Group, Participant, Pin, Problem, Seat
from matching.scheduling.model.schedule import HeldGroup, Meeting, Schedule
from matching.scheduling.repair.events import Absence, LostTables, Newcomer
from matching.scheduling.repair.repair import Repair, repair
from matching.scheduling.search.solve import solve
from matching.scheduling.verify.check import check

EVENTS = [
    [Absence("a0"), Absence("v1", 0, 3)],
    [LostTables(2, 1)],
    [Newcomer(Participant("v99", "V"), (Candidate("a1", "v99", 90), Candidate("a2", "v99", 10)))],
]


@pytest.mark.parametrize("events", EVENTS)
@pytest.mark.parametrize("allow_moves", [False, True])
def test_repaired_schedule_stands(events: list[Absence | LostTables | Newcomer], allow_moves: bool) -> None:
    problem = Problem.from_json(generate(10, 15, 6, 6, windows="random15", wishes=8, seed=2))
    published = solve(problem)
    answer = repair(problem, published, events, allow_moves=allow_moves, price=2, cap=1)
    old = {(m.a, m.v): m.slot for m in published.meetings}
    new = {(m.a, m.v): m.slot for m in answer.schedule.meetings}
    assert check(answer.problem, answer.schedule) == []
    assert {(c.a, c.v) for c in answer.dropped} == old.keys() - new.keys()
    assert {(c.a, c.v) for c in answer.added} == new.keys() - old.keys()
    assert {(c.a, c.v) for c in answer.moved} == {p for p in old.keys() & new.keys() if old[p] != new[p]}
    if not allow_moves:
        assert all(
            change.origin is not None and old[change.a, change.v] == change.origin for change in answer.moved
        )
        assert all(change.reason == "its slot is lost" for change in answer.moved)


def changed(answer: Repair) -> Counter[str]:
    """How many meetings each person sees moved, or given up though they could stand."""
    given_up = [c for c in answer.dropped if c.reason == "gives way to a better meeting"]
    return Counter(person for change in (*answer.moved, *given_up) for person in (change.a, change.v))


@pytest.mark.parametrize("seed", range(8))
def test_changes_are_paid_for_and_capped(seed: int) -> None:
    problem = Problem.from_json(generate(12, 14, 6, 5, windows="random30", wishes=9, seed=seed))
    published = solve(problem)
    newcomer = Newcomer(Participant("v99", "V"), (Candidate("a1", "v99", 90), Candidate("a2", "v99", 10)))
    events: list[Absence | LostTables | Newcomer] = [Absence("a0"), LostTables(1, 2), newcomer]
    free = repair(problem, published, events, allow_moves=True, price=0)
    paid = repair(problem, published, events, allow_moves=True, price=30)
    still = repair(problem, published, events, allow_moves=True, price=10_000)
    filled = repair(problem, published, events)
    assert changed(still) - changed(filled) == Counter()
    assert free.schedule.objective >= paid.schedule.objective >= still.schedule.objective
    assert paid.schedule.objective - 30 * changed(paid).total() / 2 >= (
        filled.schedule.objective - 30 * changed(filled).total() / 2
    )
    for cap in (0, 1, 2):
        capped = repair(problem, published, events, allow_moves=True, price=0, cap=cap)
        assert check(capped.problem, capped.schedule) == []
        assert max(changed(capped).values(), default=0) <= max(cap, *changed(filled).values(), 0)


def test_who_gives_way_to_whom_is_told() -> None:
    problem = Problem(1, (1,), (Participant("a0", "A"), Participant("v0", "V")), (Candidate("a0", "v0", 5),))
    newcomer = Newcomer(Participant("v1", "V"), (Candidate("a0", "v1", 90),))
    answer = repair(problem, solve(problem), [newcomer], allow_moves=True)
    assert [(c.a, c.v, c.by) for c in answer.dropped] == [("a0", "v0", (("a0", "v1"),))]
    [added] = answer.added
    assert (added.reason, added.by) == ("takes the place of another", (("a0", "v0"),))


def test_started_slots_are_frozen() -> None:
    problem = Problem.from_json(generate(10, 15, 6, 6, wishes=8, seed=2))
    published = solve(problem)
    answer = repair(problem, published, [Absence("a0", 3)], started=3, allow_moves=True)
    assert [(m.a, m.v, m.slot) for m in answer.schedule.meetings if m.slot < 3] == [
        (m.a, m.v, m.slot) for m in published.meetings if m.slot < 3
    ]


def test_session_without_its_host_is_told() -> None:
    problem = Problem.from_json(generate(10, 15, 6, 6, wishes=8, groups=1, seed=2))
    published = solve(problem)
    answer = repair(problem, published, [Absence(problem.groups[0].ambassador)])
    [gone] = answer.lost
    assert (gone.a, gone.v, gone.reason) == ("g0", None, f"{problem.groups[0].ambassador} is absent")
    assert [(change.to, change.reason) for change in answer.sessions] == [(None, "cannot be held any more")]
    assert check(answer.problem, answer.schedule) == []


def test_stopped_repair_moves_nobody() -> None:
    problem = Problem.from_json(generate(10, 15, 6, 6, windows="random15", wishes=8, seed=2))
    published = solve(problem)
    events = [Absence("a0"), Absence("v1", 0, 3)]
    stopped = repair(problem, published, events, allow_moves=True, should_stop=lambda: True)
    assert stopped.schedule.meetings == repair(problem, published, events).schedule.meetings


def test_a_meeting_nobody_wants_any_more_frees_its_slot() -> None:
    problem = Problem.from_json(generate(10, 15, 6, 6, wishes=8, seed=2))
    published = solve(problem)
    gone = published.meetings[-1]
    wishes = tuple(c for c in problem.candidates if (c.a, c.v) != (gone.a, gone.v))
    answer = repair(replace(problem, candidates=wishes), published, [])
    assert [(c.a, c.v, c.reason) for c in answer.dropped] == [(gone.a, gone.v, "withdrawn")]
    assert answer.moved == ()
    assert check(answer.problem, answer.schedule) == []


def test_what_is_added_sits_at_the_delegation_s_own_table() -> None:
    problem = Problem.from_json(generate(10, 15, 6, 6, wishes=8, seed=2))
    people = tuple(
        replace(p, table=int(p.id[1:])) if p.id in {"a0", "a1"} else p for p in problem.participants
    )
    problem = replace(problem, participants=people)
    answer = repair(problem, solve(problem), [Absence("v0"), Absence("v1")])
    assert answer.added
    assert check(answer.problem, answer.schedule) == []
    own = {m.table for m in answer.schedule.meetings if m.a == "a0"}
    assert own == {0}


PAIR = (Participant("a0", "A"), Participant("v0", "V"))


def small(slots: int, tables: int, pairs: int, **rules: Any) -> Problem:
    """`pairs` people a side, the n-th of one with the n-th of the other, ten points each."""
    people = [Participant(f"{side.lower()}{n}", side) for side in "AV" for n in range(pairs)]
    wishes = tuple(Candidate(f"a{n}", f"v{n}", 10) for n in range(pairs))
    return replace(Problem(slots, (tables,) * slots, tuple(people), wishes), **rules)


def test_a_table_lost_in_a_slot_that_has_begun_changes_nothing_there() -> None:
    problem = small(3, 2, 2)
    published = Schedule((Meeting("a0", "v0", 1, 1), Meeting("a1", "v1", 1, 0)), (), 20, 20, 0, "optimal")
    answer = repair(problem, published, [LostTables(2, 0)], started=2, allow_moves=True)
    assert answer.schedule.meetings == tuple(sorted(published.meetings, key=lambda m: m.a))
    assert (answer.schedule.objective, answer.schedule.bound, answer.lost) == (20, 20, ())


def test_pins_that_one_table_cannot_hold_are_told() -> None:
    pins = tuple(Pin(f"a{n}", f"v{n}", 0) for n in range(2))
    problem = small(1, 2, 2, pinned=pins)
    answer = repair(problem, solve(problem), [LostTables(1)])
    assert answer.schedule.status == "infeasible"
    [lost] = answer.lost
    assert lost.reason.startswith("cannot be held together with ")
    assert [fault.code for fault in check(answer.problem, answer.schedule)] == ["pin_missing"]


def test_a_session_below_its_minimum_takes_in_a_vendor_who_is_free() -> None:
    session = Group("g", "a0", tuple(Seat(f"v{n}", 3) for n in range(3)), 2, 2)
    problem = small(1, 1, 3, candidates=(), groups=(session,), rooms=1)
    published = Schedule((), (HeldGroup("g", 0, 0, ("v0", "v1")),), 6, 6, 0, "optimal")
    answer = repair(problem, published, [Absence("v1")])
    assert [group.vendors for group in answer.schedule.groups] == [("v0", "v2")]
    [change] = answer.sessions
    assert (change.joined, change.left, change.reason) == (("v2",), ("v1",), "v1 is absent")


def test_a_session_moves_where_its_host_is_away() -> None:
    session = Group("g", "a0", (Seat("v0", 3),), 1, 1)
    problem = small(3, 1, 1, candidates=(), groups=(session,), rooms=1)
    published = Schedule((), (HeldGroup("g", 0, 0, ("v0",)),), 3, 3, 0, "optimal")
    answer = repair(problem, published, [Absence("a0", 0, 2)])
    assert [(group.slot, group.vendors) for group in answer.schedule.groups] == [(2, ("v0",))]
    assert [(c.origin, c.to, c.reason) for c in answer.sessions] == [(0, 2, "a0 is absent")]


@pytest.mark.parametrize(
    ("meetings", "code"),
    [
        ((Meeting("a0", "v0", 0), Meeting("a0", "v1", 0)), "double_booked"),
        ((Meeting("a0", "v9", 0),), "unknown_id"),
        ((Meeting("a0", "v0", 9),), "unknown_slot"),
        ((Meeting("a0", "v0", 0), Meeting("a0", "v0", 1)), "pair_twice"),
        ((Meeting("a0", "v0", 0, 0), Meeting("a1", "v1", 0, 0)), "table_misused"),
    ],
)
def test_a_schedule_that_contradicts_itself_is_refused(meetings: tuple[Meeting, ...], code: str) -> None:
    problem = small(2, 2, 2)
    with pytest.raises(ProblemError) as refused:
        repair(problem, Schedule(meetings, (), 0, 0, 0, "feasible"), [])
    assert code in {fault.code for fault in refused.value.items}


def test_an_unknown_person_is_named() -> None:
    problem = small(1, 1, 1)
    with pytest.raises(ProblemError, match="no participant 'nobody'"):
        repair(problem, solve(problem), [Absence("nobody")])


def test_a_price_finer_than_the_weights_is_kept_whole() -> None:
    people = (*PAIR, Participant("v1", "V", avail=(1,)))
    problem = Problem(2, (1, 1), people, (Candidate("a0", "v0", 10), Candidate("a0", "v1", 9)))
    published = Schedule((Meeting("a0", "v0", 0, 0),), (), 10, 19, 0.5, "feasible")
    for price, kept in ((0.75, "v0"), (1.25, "v1")):
        answer = repair(problem, published, [Absence("v0", 0, 1)], allow_moves=True, price=price)
        [meeting] = answer.schedule.meetings
        assert meeting.v == kept
        assert answer.schedule.bound == answer.schedule.objective
        assert answer.paid == (price if kept == "v0" else 0)
