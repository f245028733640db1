"""Who or what is too much together: true of every schedule, and not true of fewer of them."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings

from matching.scheduling.model.diagnostics import Bottleneck, Limit
from matching.scheduling.model.errors import ProblemError
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Schedule
from matching.scheduling.search.solve import solve
from tests.unit.scheduling.exhaustive import best_value, tiny_problems

SETTINGS = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def people(*rows: dict[str, Any], vendors: int = 3) -> list[dict[str, Any]]:
    return [{"side": "A", **row} for row in rows] + [{"id": f"v{n}", "side": "V"} for n in range(vendors)]


def test_delegations_that_share_too_few_tables_are_named_together() -> None:
    rows = [{"id": f"a{n}", "avail": [3, 4], "min": 2} for n in range(6)] + [{"id": "b", "min": 1}]
    candidates = [{"a": row["id"], "v": f"v{n}", "w": 5} for row in rows for n in range(12)]
    problem = {"slots": 6, "tables": 5, "participants": people(*rows, vendors=12), "candidates": candidates}
    schedule = solve(Problem.from_json(problem))
    assert schedule.bottlenecks == (
        Bottleneck("minimums", tuple(f"a{n}" for n in range(6)), 12, 10, (Limit("tables", ("3", "4"), 10),)),
    )
    assert Schedule.from_json(schedule.to_json()) == schedule


def test_one_who_attends_too_little_and_one_nobody_may_meet_are_named_alone() -> None:
    rows = ({"id": "a0", "avail": [0], "min": 2}, {"id": "a1", "min": 1})
    candidates = [{"a": "a0", "v": f"v{n}", "w": 5} for n in range(3)]
    problem = {"slots": 3, "tables": 3, "participants": people(*rows), "candidates": candidates}
    assert solve(Problem.from_json(problem)).bottlenecks == (
        Bottleneck("minimums", ("a0",), 2, 1, (Limit("presence", ("a0",), 1),)),
        Bottleneck("minimums", ("a1",), 1, 0, (Limit("wishes", (), 0),)),
    )


CROWDS = [
    (
        {"pinned": [{"a": "a0", "v": f"v{n}"} for n in range(3)]},
        "crowded_person",
        "a0",
        "slots 0, 1: 3 wanted",
    ),
    (
        {"pinned": [{"a": f"a{n}", "v": f"v{n}"} for n in range(3)], "tables": [1, 1, 0]},
        "crowded_tables",
        "0/1",
        "a0/v0, a1/v1, a2/v2 must all be held at slots 0, 1: 3 wanted, 2 tables",
    ),
    (
        {"pinned": [{"a": f"a{n}", "v": f"v{n}", "table": 1} for n in range(3)], "tables": [2, 2, 0]},
        "crowded_table",
        "1",
        "3 wanted, 2 possible",
    ),
    (
        {
            "groups": [
                {"id": f"g{n}", "ambassador": f"a{n}", "vendors": [], "slots": [0, 1]} for n in range(3)
            ],
            "rooms": 1,
        },
        "crowded_rooms",
        "0/1",
        "session g0, session g1, session g2 must all be held at slots 0, 1: 3 wanted, 2 rooms",
    ),
]


@pytest.mark.parametrize(("change", "code", "item", "words"), CROWDS)
def test_crowd_of_commitments_is_refused_by_name(
    change: dict[str, Any], code: str, item: str, words: str
) -> None:
    rows = ({"id": "a0", "avail": [0, 1]}, {"id": "a1"}, {"id": "a2"})
    problem = {"slots": 3, "tables": 3, "participants": people(*rows), "candidates": []} | change
    with pytest.raises(ProblemError) as caught:
        Problem.from_json(problem)
    faults = [fault for fault in caught.value.items if fault.code == code]
    assert [fault.item for fault in faults] == [item]
    assert words in faults[0].text


def test_pins_that_only_contradict_each_other_in_a_ring_are_named() -> None:
    rows = [{"id": "a0"}, {"id": "a1"}, {"id": "a2"}]
    everyone = people(*rows)
    everyone[3]["avail"], everyone[4]["avail"] = [0, 1], [0, 2]
    pins = [
        {"a": "a0", "v": "v0"},
        {"a": "a0", "v": "v1", "slot": 0},
        {"a": "a1", "v": "v0"},
        {"a": "a1", "v": "v2", "slot": 0},
        {"a": "a2", "v": "v1"},
    ]
    problem = {"slots": 3, "tables": 5, "participants": everyone, "candidates": [], "pinned": pins}
    schedule = solve(Problem.from_json(problem))
    assert schedule.status == "infeasible"
    (found,) = schedule.bottlenecks
    assert found.limits == (Limit("commitments", ("a0/v0", "a0/v1", "a1/v0", "a1/v2"), 3),)
    assert found.people == ("a0", "a1", "v0", "v1", "v2")


@given(data=tiny_problems())
@settings(SETTINGS, max_examples=300)
def test_bottlenecks_are_true_of_every_schedule(data: dict[str, Any]) -> None:
    try:
        problem = Problem.from_json(data)
    except ProblemError:
        assume(False)
        raise
    for found in solve(problem).bottlenecks:
        event(found.code)
        if found.code == "minimums":
            best = best_value(_with_minimums_of(data, set(found.people)))
            assert best is not None
            assert -best >= found.wanted - found.room > 0
        else:
            names = set(found.limits[0].items)
            assert best_value(_with_commitments(data, names)) is None
            for name in names:
                assert best_value(_with_commitments(data, names - {name})) is not None


def _with_minimums_of(data: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    """The same rules, where only the minimums of these people count."""
    return data | {
        "shortfall_penalty": 1,
        "participants": [p if p["id"] in kept else p | {"min": 0} for p in data["participants"]],
        "candidates": [c | {"w": 0} for c in data["candidates"]],
        "groups": [g | {"vendors": [v | {"w": 0} for v in g["vendors"]]} for g in data["groups"]],
    }


def _with_commitments(data: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    pins = [pin for pin in data["pinned"] if f"{pin['a']}/{pin['v']}" in kept]
    return data | {"pinned": pins, "groups": [g for g in data["groups"] if g["id"] in kept]}
