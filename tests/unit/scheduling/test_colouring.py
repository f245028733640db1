"""Chains that make room leave the people of the meeting to be placed free."""

from matching.scheduling.model.problem import Problem
from matching.scheduling.search.solve import solve
from matching.scheduling.verify.check import check


def test_room_is_made_without_seating_the_people_it_is_made_for() -> None:
    """One table at slot 2: the chain that frees it must not bring there whoever it is freed for."""
    problem = Problem.from_json(
        {
            "name": "remote beside tables",
            "slots": 3,
            "tables": [3, 2, 1],
            "shortfall_penalty": 0.5,
            "participants": [
                {"id": "a1", "side": "A"},
                {"id": "a2", "side": "A", "avail": [1, 2]},
                {"id": "v0", "side": "V", "avail": [0, 2]},
                {"id": "v1", "side": "V", "avail": [0]},
                {"id": "v2", "side": "V"},
            ],
            "candidates": [
                {"a": "a1", "v": "v0", "w": 7.1},
                {"a": "a1", "v": "v1", "w": 0.1},
                {"a": "a1", "v": "v2", "w": 0.5, "remote": True},
                {"a": "a2", "v": "v2", "w": 0.1},
            ],
        }
    )
    schedule = solve(problem)
    assert (check(problem, schedule), schedule.objective, schedule.status) == ([], 7.7, "optimal")
