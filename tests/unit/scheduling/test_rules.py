"""Rules of real days: the optimum of an independent model on small problems, a case for each rule."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from matching.scheduling.generator import generate
from matching.scheduling.model.errors import ProblemError
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Schedule
from matching.scheduling.search import rules as search
from matching.scheduling.search.solve import solve
from matching.scheduling.verify.check import check
from tests.unit.scheduling.disruptions import SCALE, Reference, add_counts, add_rules

NOTHING = Schedule((), (), 0, 0, 0, "feasible")


def ruled(seed: int, add: Callable[[dict[str, Any], random.Random], None] = add_rules) -> Problem | None:
    """A small problem with rules; None where the reader refuses it."""
    rng = random.Random(seed)
    size = (rng.randint(2, 4), rng.randint(2, 5), rng.randint(2, 5), rng.randint(1, 3))
    data = generate(
        *size,
        windows=rng.choice(("none", "random30")),
        wishes=4,
        pins=rng.choice((0, 1)),
        groups=rng.choice((0, 1)),
        seed=seed,
    )
    data["shortfall_penalty"] = rng.choice((0, 30))
    for group in data["groups"]:
        group |= {"vendors": group["vendors"][:3], "cap": 2}
    add(data, rng)
    try:
        return Problem.from_json(data)
    except ProblemError:
        return None


def solve_beside_model(problem: Problem) -> None:
    reference = Reference(problem, NOTHING)
    best = reference.best(reference.value)
    answer = solve(problem)
    assert (best is None) == (answer.status == "infeasible")
    if best is not None:
        assert check(problem, answer) == []
        assert answer.objective == pytest.approx(best / SCALE)
        assert answer.bound >= best / SCALE - 1e-6
        assert answer.status == "optimal"


@pytest.mark.parametrize("seed", range(60))
def test_optimum_of_an_independent_model(seed: int) -> None:
    problem = ruled(seed)
    if problem is not None:
        assert Problem.from_json(problem.to_json()) == problem
        solve_beside_model(problem)


@pytest.mark.parametrize("seed", range(100))
def test_optimum_where_meetings_are_counted(seed: int) -> None:
    problem = ruled(seed, add_counts)
    if problem is not None:
        assert Problem.from_json(problem.to_json()) == problem
        solve_beside_model(problem)


def day(slots: int, **rules: Any) -> Problem:
    """One administration with these rules, a vendor for each slot, of growing value; one more rule a day."""
    person = {"id": "a", "side": "A"} | rules
    vendors = [{"id": f"v{n}", "side": "V"} for n in range(2 * slots)]
    return Problem.from_json(
        {
            "slots": slots,
            "tables": 9,
            "participants": [person, *vendors],
            "candidates": [{"a": "a", "v": f"v{n}", "w": 10 + n} for n in range(2 * slots)],
        }
    )


@pytest.mark.parametrize(
    ("rules", "held"),
    [
        ({}, 6),
        ({"parallel": 2}, 12),
        ({"people": [{"id": "Ana"}, {"id": "Bo", "avail": [0, 1]}]}, 8),
        ({"free_one_of": [2, 3]}, 5),
        ({"free_one_of": [1, 2, 3], "free_count": 2}, 4),
        ({"max_in_a_row": 2}, 4),
        ({"min_gap": 1}, 3),
        ({"min_gap": 2}, 2),
        ({"parallel": 2, "min_gap": 1}, 6),
    ],
)
def test_each_rule_bounds_a_day(rules: dict[str, Any], held: int) -> None:
    problem = day(6, **rules)
    answer = solve(problem)
    assert (len(answer.meetings), answer.status) == (held, "optimal")
    assert check(problem, answer) == []


def test_named_people_hold_what_they_attend() -> None:
    problem = day(3, people=[{"id": "Ana", "avail": [0, 1]}, {"id": "Bo", "avail": [1, 2]}])
    answer = solve(problem)
    names = {(m.slot, m.a_person) for m in answer.meetings}
    assert names == {(0, "Ana"), (1, "Ana"), (1, "Bo"), (2, "Bo")}
    assert Schedule.from_json(answer.to_json()) == answer


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({"parallel": 1}, "double_booked"),
        ({"parallel": 2, "free_one_of": [0]}, "no_rest"),
        ({"parallel": 2, "max_in_a_row": 1}, "no_rest"),
        ({"parallel": 2, "min_gap": 1}, "no_rest"),
        ({"people": [{"id": "Ana"}, {"id": "Bo", "avail": [1]}]}, "double_booked"),
    ],
)
def test_the_checker_knows_each_rule(rules: dict[str, Any], code: str) -> None:
    answer = solve(day(2, parallel=2))
    assert code in {fault.code for fault in check(day(2, **rules), answer)}


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({"parallel": 0}, "bad_number"),
        ({"parallel": 2, "people": [{"id": "Ana"}]}, "parallel_and_people"),
        ({"people": [{"id": "Ana"}, {"id": "Ana"}]}, "duplicate_id"),
        ({"free_one_of": [0], "free_count": 2}, "free_above_slots"),
        ({"free_one_of": [9]}, "unknown_slot"),
    ],
)
def test_rules_that_make_no_sense_are_refused(rules: dict[str, Any], code: str) -> None:
    with pytest.raises(ProblemError) as refused:
        day(2, **rules)
    assert [fault.code for fault in refused.value.items] == [code]


def test_a_wish_left_out_for_a_rest_is_told() -> None:
    answer = solve(day(2, min_gap=1))
    assert {entry.reason for entry in answer.unplaced} == {"no_rest"}


@pytest.mark.parametrize("seed", range(200, 230))
def test_the_relaxation_of_large_days_claims_nothing_false(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SMALL", -1)
    problem = ruled(seed, (add_rules, add_counts)[seed % 2])
    if problem is None:
        return
    reference = Reference(problem, NOTHING)
    best = reference.best(reference.value)
    answer = solve(problem, work_limit=6)
    if best is None or answer.status == "infeasible":
        return
    assert check(problem, answer) == []
    assert answer.objective <= best / SCALE + 1e-6
    assert answer.bound >= best / SCALE - 1e-6
