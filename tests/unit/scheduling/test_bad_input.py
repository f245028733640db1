"""Each kind of fault of a problem file gets one message that names the item."""

from typing import Any

import pytest

from matching.scheduling.model.errors import ProblemError
from matching.scheduling.model.problem import Problem


def sound() -> dict[str, Any]:
    return {
        "name": "two by two",
        "slots": 3,
        "tables": 2,
        "participants": [
            {"id": "a0", "side": "A", "avail": [0, 1]},
            {"id": "a1", "side": "A"},
            {"id": "v0", "side": "V", "avail": [1, 2]},
            {"id": "v1", "side": "V"},
        ],
        "candidates": [{"a": "a0", "v": "v0", "w": 5}, {"a": "a1", "v": "v1", "w": 3}],
    }


def test_sound_problem_is_read_and_written_back() -> None:
    problem = Problem.from_json(sound())
    assert Problem.from_json(problem.to_json()) == problem


FAULTS = [
    ({"slots": 0}, "bad_number", "problem"),
    ({"slots": None}, "missing_field", "problem"),
    ({"slots": 10**30}, "bad_number", "problem"),
    ({"tables": 10**30}, "bad_tables", "tables"),
    ({"rooms": 10**30}, "bad_number", "problem"),
    ({"shortfall_penalty": 10**400}, "bad_number", "problem"),
    ({"shortfall_penalty": float("nan")}, "bad_number", "problem"),
    ({"tables": [1, 2]}, "bad_tables", "tables"),
    ({"candidates": [{"a": "nobody", "v": "v0", "w": 1}]}, "unknown_id", "nobody"),
    ({"candidates": [{"a": "a0", "v": "v0", "w": 1}] * 2}, "duplicate_pair", "a0/v0"),
    ({"candidates": [{"a": "a0", "v": "v0", "w": -1}]}, "negative_weight", "candidates[0]"),
    ({"candidates": [{"a": "a0", "v": "v0", "w": "x"}]}, "bad_number", "candidates[0]"),
    ({"candidates": ["a0"]}, "bad_row", "candidates[0]"),
    ({"pinned": [{"a": "a0", "v": "v0", "slot": 0}]}, "pin_outside_availability", "a0/v0"),
    ({"pinned": [{"a": "a0", "v": "v0", "slot": 9}]}, "unknown_slot", "pinned[0]"),
    ({"pinned": [{"a": "a0", "v": "v0"}], "forbidden": [["a0", "v0"]]}, "pin_forbidden", "a0/v0"),
    ({"pinned": [{"a": "a0", "v": "v0", "table": 2}]}, "pin_without_table", "a0/v0"),
    ({"participants": [{"id": "a0", "side": "A"}], "candidates": []}, "empty_side", "V"),
    (
        {"participants": [*sound()["participants"], {"id": "v2", "side": "V", "min": 3, "max": 2}]},
        "min_above_max",
        "v2",
    ),
    (
        {"groups": [{"id": "g", "ambassador": "a0", "vendors": [], "cap": 3, "slots": [2]}]},
        "group_host_unavailable",
        "g",
    ),
    (
        {"groups": [{"id": "g", "ambassador": "a0", "vendors": [{"v": "v1", "w": 1}], "min": 2, "cap": 3}]},
        "group_below_min",
        "g",
    ),
]


@pytest.mark.parametrize(("change", "code", "item"), FAULTS)
def test_fault_is_named_once(change: dict[str, Any], code: str, item: str) -> None:
    with pytest.raises(ProblemError) as caught:
        Problem.from_json(sound() | change)
    assert [(fault.code, fault.item) for fault in caught.value.items] == [(code, item)]


def test_every_fault_is_listed() -> None:
    candidates = [{"a": "a0", "v": "v0", "w": -1}, {"a": "a1", "v": "v9", "w": 1}]
    with pytest.raises(ProblemError) as caught:
        Problem.from_json(sound() | {"candidates": candidates})
    assert [fault.code for fault in caught.value.items] == ["negative_weight", "unknown_id"]
