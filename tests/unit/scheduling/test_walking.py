"""Rooms too far apart for consecutive slots: nobody is asked to run, and little is lost."""

from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from matching.scheduling.breaks.polish import polish
from matching.scheduling.generator import generate
from matching.scheduling.model.errors import ProblemError
from matching.scheduling.model.problem import Problem
from matching.scheduling.repair.events import Absence, Event, LostTables
from matching.scheduling.repair.repair import repair
from matching.scheduling.search.solve import solve
from matching.scheduling.verify.check import check
from tests.unit.scheduling.exhaustive import best_value, tiny_problems

SETTINGS = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
PAIR = [{"id": "a0", "side": "A"}, {"id": "v0", "side": "V"}, {"id": "v1", "side": "V"}]
WISHES = [{"a": "a0", "v": "v0", "w": 5}, {"a": "a0", "v": "v1", "w": 3}]


def far_rooms(**changes: Any) -> dict[str, Any]:
    """Two slots; at the first only north has a table, at the second the only table left is v1's, in south."""
    people = [PAIR[0], PAIR[1] | {"table": 0}, PAIR[2] | {"table": 1}]
    return {
        "slots": 2,
        "tables": 2,
        "participants": people,
        "candidates": WISHES,
        "table_rooms": ["north", "south"],
        "walks": [["south", "north"]],
    } | changes


def test_one_of_two_meetings_is_left_out_where_there_is_no_time_to_walk() -> None:
    schedule = solve(Problem.from_json(far_rooms()))
    assert (schedule.objective, schedule.bound, schedule.status) == (5, 5, "optimal")
    assert [(entry.v, entry.reason) for entry in schedule.unplaced] == [("v1", "walk")]


@pytest.mark.parametrize("change", [{"blocks": [0, 1]}, {"slots": 3}, {"walks": []}])
def test_a_break_a_free_slot_or_near_rooms_leave_time(change: dict[str, Any]) -> None:
    schedule = solve(Problem.from_json(far_rooms(**change)))
    assert (schedule.objective, schedule.status) == (8, "optimal")


def test_checker_sees_who_has_to_run() -> None:
    data = far_rooms()
    schedule = solve(Problem.from_json(data | {"walks": []}))
    assert {fault.code for fault in check(Problem.from_json(data), schedule)} == {"no_time_to_walk"}


FAULTS = [
    ({"table_rooms": ["north"], "walks": []}, "bad_table_rooms", "table_rooms"),
    ({"walks": [["north", "north"]]}, "bad_row", "walks[0]"),
    ({"walks": [["north", "east"]]}, "unknown_room", "walks[0]"),
    (
        {
            "pinned": [
                {"a": "a0", "v": "v0", "slot": 0, "table": 0},
                {"a": "a0", "v": "v1", "slot": 1, "table": 1},
            ]
        },
        "pins_too_far",
        "a0",
    ),
]


@pytest.mark.parametrize(("change", "code", "item"), FAULTS)
def test_fault_is_named_once(change: dict[str, Any], code: str, item: str) -> None:
    with pytest.raises(ProblemError) as caught:
        Problem.from_json(far_rooms(**change))
    assert {(fault.code, fault.item) for fault in caught.value.items} == {(code, item)}


@st.composite
def tiny_venues(draw: st.DrawFn) -> dict[str, Any]:
    """Tiny problems whose three tables stand in up to three rooms."""
    data = draw(tiny_problems())
    names = ["north", "south", "west"]
    rooms = draw(st.lists(st.sampled_from(names), min_size=3, max_size=3))
    pairs = [[one, other] for one in names for other in names if one < other and {one, other} <= set(rooms)]
    walks = draw(st.lists(st.sampled_from(pairs), unique_by=tuple, min_size=1)) if pairs else []
    people = data["participants"]
    owner = draw(st.sampled_from(people))
    table = draw(st.none() | st.integers(0, 2))
    return data | {
        "table_rooms": rooms,
        "walks": walks,
        "blocks": draw(st.sampled_from([[0], [0, 1]] if data["slots"] > 1 else [[0]])),
        "participants": [p | {"table": table} if p is owner else p for p in people],
    }


def can_be_seated(data: dict[str, Any], held: dict[tuple[str, str], int]) -> bool:
    """Whether some way of giving tables keeps pins, own tables and everybody's time to walk."""
    remote = {(c["a"], c["v"]) for c in data["candidates"] if c.get("remote")}
    pins = {(pin["a"], pin["v"]): pin.get("table") for pin in data["pinned"]}
    own = {p["id"]: p["table"] for p in data["participants"] if p["table"] is not None}
    pairs = [pair for pair in held if pair not in remote]
    far = {frozenset(pair) for pair in data["walks"]}
    for places in product(*(range(data["tables"][held[pair]]) for pair in pairs)):
        table = dict(zip(pairs, places, strict=True))
        if len({(held[pair], table[pair]) for pair in pairs}) < len(pairs):
            continue
        if any(pins.get(pair) not in {None, table[pair]} for pair in pairs):
            continue
        pinned = {(held[p], table[p]) for p in pairs if pins.get(p) is not None}
        if any(_away_from_own(data, held, table, own, pinned, pair) for pair in pairs):
            continue
        if not any(_must_run(data, held, table, far, p["id"]) for p in data["participants"]):
            return True
    return False


def _away_from_own(
    data: dict[str, Any],
    held: dict[tuple[str, str], int],
    table: dict[tuple[str, str], int],
    own: dict[str, int],
    pinned: set[tuple[int, int]],
    pair: tuple[str, str],
) -> bool:
    mine = own.get(pair[0], own.get(pair[1]))
    if mine is None or mine == table[pair] or mine >= data["tables"][held[pair]]:
        return False
    return not {(held[pair], mine), (held[pair], table[pair])} & pinned


def _must_run(
    data: dict[str, Any],
    held: dict[tuple[str, str], int],
    table: dict[tuple[str, str], int],
    far: set[frozenset[str]],
    identifier: str,
) -> bool:
    mine = sorted((held[pair], data["table_rooms"][table[pair]]) for pair in table if identifier in pair)
    return any(
        later == sooner + 1 and later not in data["blocks"] and frozenset((here, there)) in far
        for (sooner, here), (later, there) in pairwise(mine)
    )


@given(data=tiny_venues())
@settings(SETTINGS, max_examples=200)
def test_optimum_with_walks_equals_exhaustive_search(data: dict[str, Any]) -> None:
    best = best_value(data, can_be_seated)
    try:
        problem = Problem.from_json(data)
    except ProblemError:
        assert best is None
        assume(False)
        raise
    schedule = solve(problem)
    event(schedule.status)
    if schedule.status == "infeasible":
        assert best is None
        return
    assert check(problem, schedule) == []
    assert best is not None
    assert schedule.bound >= best - 1e-6
    if schedule.status == "optimal":
        assert abs(schedule.objective - best) <= 1e-6
    else:
        assert {p["table"] for p in data["participants"]} & {pin.get("table") for pin in data["pinned"]}


def large_venue() -> Problem:
    data = generate(20, 40, 10, 12, windows="random15", wishes=12, pins=3, groups=1, seed=2)
    data |= {"table_rooms": ["north"] * 6 + ["south"] * 6, "walks": [["north", "south"]]}
    return Problem.from_json(data)


def test_large_venue_loses_little() -> None:
    problem = large_venue()
    schedule = solve(problem, work_limit=4)
    assert check(problem, schedule) == []
    assert schedule.objective >= 0.97 * schedule.bound
    assert solve(problem, should_stop=lambda: True).status != "optimal"


@pytest.mark.parametrize("allow_moves", [False, True])
def test_repair_lets_nobody_run(allow_moves: bool) -> None:
    problem = large_venue()
    published = solve(problem, work_limit=2)
    events: list[Event] = [Absence("a0"), Absence("v1", 0, 3), LostTables(1, 2)]
    answer = repair(problem, published, events, allow_moves=allow_moves, time_limit_s=3)
    assert check(answer.problem, answer.schedule) == []
    old = {(m.a, m.v): m for m in published.meetings}
    same = [m for m in answer.schedule.meetings if (m.a, m.v) in old and old[m.a, m.v].slot == m.slot]
    assert len(same) >= 0.8 * len(published.meetings)
    if not allow_moves:
        assert {change.reason for change in answer.moved} <= {"its slot is lost"}


def test_polish_lets_nobody_run() -> None:
    problem = large_venue()
    schedule = solve(problem, work_limit=2)
    polished = polish(problem, schedule, work_limit=1)
    assert check(problem, polished) == []
    assert polished.objective == schedule.objective
