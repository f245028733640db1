"""Repairs: frozen slots stay, nobody moves unless allowed, every difference is listed."""

from collections import Counter
from dataclasses import replace

import pytest

from matching.scheduling.generator import generate
from matching.scheduling.model.problem import Candidate, Participant, Problem
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
    assert answer.schedule.status == "infeasible"
    assert [fault.code for fault in check(answer.problem, answer.schedule)] == ["group_missing"]


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
