"""The checker finds each broken rule, and only that one."""

from dataclasses import replace

import pytest

from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import HeldGroup, Meeting, Schedule
from matching.scheduling.search.solve import solve
from matching.scheduling.verify.check import check

PROBLEM = Problem.from_json(
    {
        "slots": 3,
        "tables": [2, 1, 0],
        "participants": [
            {"id": "a0", "side": "A", "avail": [0, 1], "max": 1},
            {"id": "a1", "side": "A", "min": 1, "table": 0},
            {"id": "a2", "side": "A"},
            {"id": "v0", "side": "V"},
            {"id": "v1", "side": "V"},
        ],
        "candidates": [{"a": a, "v": v, "w": 5} for a in ("a0", "a1") for v in ("v0", "v1")],
        "pinned": [{"a": "a1", "v": "v0", "slot": 0}],
        "forbidden": [["a1", "v1"]],
        "groups": [
            {
                "id": "g",
                "ambassador": "a2",
                "vendors": [{"v": "v1", "w": 2}],
                "cap": 1,
                "min": 1,
                "slots": [2],
            }
        ],
    }
)
GOOD = solve(PROBLEM)


def test_sound_schedule_has_no_violation() -> None:
    assert check(PROBLEM, GOOD) == []
    assert check(PROBLEM, GOOD.to_json()) == []
    assert (GOOD.objective, GOOD.bound, GOOD.status) == (12, 12, "optimal")


G = GOOD.groups
PIN = Meeting("a1", "v0", 0, 0)
BROKEN = [
    ({"meetings": (PIN, Meeting("a1", "v1", 1))}, {"forbidden_pair"}),
    ({"meetings": ()}, {"pin_missing"}),
    ({"meetings": (replace(PIN, slot=1),)}, {"pin_moved"}),
    ({"meetings": (replace(PIN, table=1),)}, {"own_table"}),
    ({"meetings": (PIN, Meeting("a0", "v1", 0, 0))}, {"table_misused"}),
    ({"meetings": (PIN, Meeting("a0", "v0", 0, 1))}, {"double_booked"}),
    ({"meetings": (PIN, Meeting("a0", "v1", 0), Meeting("a0", "v0", 1))}, {"above_maximum"}),
    ({"meetings": (PIN, Meeting("a0", "v1", 0), Meeting("a0", "v1", 1))}, {"pair_twice", "above_maximum"}),
    ({"meetings": (PIN, Meeting("a0", "v0", 2))}, {"unavailable", "tables_exceeded"}),
    ({"meetings": (PIN, Meeting("a2", "v0", 1))}, {"not_a_candidate"}),
    ({"groups": ()}, {"group_missing"}),
    ({"groups": (*G, *G)}, {"group_twice", "double_booked", "rooms_exceeded", "room_misused"}),
    ({"groups": (HeldGroup("g", 1, 0, ("v1",)),)}, {"group_slot"}),
    ({"groups": (HeldGroup("g", 2, 0, ()),)}, {"group_size"}),
    ({"groups": (HeldGroup("g", 2, 0, ("v0",)),)}, {"group_uninvited"}),
    ({"objective": 13, "bound": 13}, {"objective"}),
    ({"bound": 11}, {"bound"}),
]


@pytest.mark.parametrize(("change", "codes"), BROKEN)
def test_broken_rule_is_found(change: dict[str, object], codes: set[str]) -> None:
    schedule: Schedule = replace(GOOD, **change)  # type: ignore[arg-type]  # one field each, chosen above
    assert {violation.code for violation in check(PROBLEM, schedule)} == codes
