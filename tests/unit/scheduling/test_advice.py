"""Reasons, relaxations and fairness say what is true of small problems."""

from collections import Counter
from typing import Any

from matching.scheduling.generator import generate
from matching.scheduling.model.problem import Problem
from matching.scheduling.search.solve import solve
from matching.scheduling.studies.fairness import raise_floor, spread, with_floor
from matching.scheduling.studies.relaxations import relaxations


def crowd(**changes: Any) -> Problem:
    people = [{"id": "a0", "side": "A"}] + [{"id": f"v{n}", "side": "V"} for n in range(3)]
    candidates = [{"a": "a0", "v": f"v{n}", "w": 10 - n} for n in range(3)]
    return Problem.from_json(
        {"slots": 2, "tables": 1, "participants": people, "candidates": candidates} | changes
    )


def test_outscored_request_names_its_rivals() -> None:
    (entry,) = solve(crowd()).unplaced
    assert entry.to_json() == {
        "a": "a0",
        "v": "v2",
        "reason": "outscored",
        "by": [["a0", "v0"], ["a0", "v1"]],
    }


def test_full_tables_and_maximums_are_named() -> None:
    assert {u.reason for u in solve(crowd(tables=0)).unplaced} == {"tables_full"}
    people = [{"id": "a0", "side": "A", "max": 1}] + [{"id": f"v{n}", "side": "V"} for n in range(3)]
    assert {u.reason for u in solve(crowd(participants=people)).unplaced} == {"maximum_reached"}
    assert {u.by for u in solve(crowd(participants=people)).unplaced} == {(("a0",),)}


def test_a_request_no_single_meeting_outscores_says_so() -> None:
    """Worth 8, more than either of the two that it would cost, which are worth 12 together."""
    people = [{"id": i, "side": i[0].upper()} for i in ("a0", "a1", "v0", "v1")]
    values = {("a0", "v0"): 6, ("a1", "v1"): 6, ("a0", "v1"): 8, ("a1", "v0"): 1}
    wishes = [{"a": a, "v": v, "w": w} for (a, v), w in values.items()]
    problem = Problem.from_json({"slots": 1, "tables": 2, "participants": people, "candidates": wishes})
    assert {(u.a, u.v): (u.reason, u.by) for u in solve(problem).unplaced} == {
        ("a0", "v1"): ("outscored_together", ()),
        ("a1", "v0"): ("outscored", (("a0", "v0"), ("a1", "v1"))),
    }


def test_one_more_slot_is_worth_the_meeting_left_out() -> None:
    problem = crowd()
    (best,) = relaxations(problem, solve(problem))
    assert (best.code, best.points) == ("slot", 8)


def test_raised_floor_serves_everyone() -> None:
    problem = Problem.from_json(generate(6, 12, 6, 4, wishes=8, minimum=0, seed=5))
    fair = raise_floor(problem).problem
    floor = spread(fair, solve(fair)).least
    assert floor >= max(1, spread(problem, solve(problem)).least)
    beyond = with_floor(problem, floor + 1)
    assert spread(beyond, solve(beyond)).least <= floor


def test_a_floor_out_of_reach_costs_nobody_a_minimum() -> None:
    """Three vendors at two tables in two slots: a floor of 3 would leave the one that asks 1 with nothing."""
    people: list[dict[str, Any]] = [{"id": f"a{n}", "side": "A"} for n in range(2)]
    people += [{"id": "v0", "side": "V", "min": 1}, {"id": "v1", "side": "V"}, {"id": "v2", "side": "V"}]
    wishes = [{"a": f"a{n}", "v": f"v{m}", "w": 1 + 10 * m} for n in range(2) for m in range(3)]
    problem = Problem.from_json({"slots": 2, "tables": 2, "participants": people, "candidates": wishes})
    raised = raise_floor(problem, {"v1", "v2"}, most=3)
    counts = Counter(meeting.v for meeting in solve(raised.problem).meetings)
    assert raised.floor == 1
    assert counts["v0"] >= 1
    assert counts["v1"] >= 1
    assert counts["v2"] >= 1
