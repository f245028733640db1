import pytest

from app.core.errors import RuleBroken
from app.schedules import planner
from app.schedules.presenters.words import unplaced_text

NAMES = {"1": "DINUM", "2": "Nuage", "session-7": "Visio"}
HOURS = ["09:00", "09:25"]


def problem(**changes: object) -> dict[str, object]:
    return {
        "slots": 2,
        "tables": [1, 1],
        "rooms": 1,
        "participants": [
            {"id": "1", "side": "A", "avail": None, "min": 0, "max": 2, "table": None},
            {"id": "2", "side": "V", "avail": [0], "min": 0, "max": 2, "table": None},
        ],
        "candidates": [{"a": "1", "v": "2", "w": 10}],
        "pinned": [],
        "forbidden": [],
        "groups": [],
    } | changes


def session(slot: int) -> dict[str, object]:
    return {
        "id": "session-7",
        "ambassador": "1",
        "vendors": [{"v": "2", "w": 1}],
        "cap": 2,
        "min": 1,
        "slots": [slot],
    }


def schedule(slot: int) -> dict[str, object]:
    return {
        "meetings": [{"a": "1", "v": "2", "slot": slot, "table": 0}],
        "groups": [],
        "objective": 10,
        "bound": 10,
    }


def test_check_problem_accepts_a_sound_one() -> None:
    planner.check_problem(problem(), NAMES, HOURS)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"slots": 0}, "Créez d’abord les créneaux de la journée."),
        (
            {"pinned": [{"a": "1", "v": "2"}], "forbidden": [["1", "2"]]},
            "DINUM – Nuage : rencontre à la fois imposée et interdite.",
        ),
        ({"groups": [session(1)]}, "La session « Visio » : un éditeur inscrit y est indisponible."),
        (
            {"groups": [session(0)], "rooms": 0},
            "Pas assez de salles pour les sessions à 09:00.",
        ),
    ],
)
def test_check_problem_refuses_in_french(changes: dict[str, object], message: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        planner.check_problem(problem(**changes), NAMES, HOURS)
    assert refused.value.message == message


def test_conflicts_of_a_schedule_that_stands_are_none() -> None:
    assert planner.conflicts(problem(), schedule(0), NAMES, HOURS) == []


def test_conflicts_name_who_is_away_and_when() -> None:
    assert planner.conflicts(problem(), schedule(1), NAMES, HOURS) == ["Nuage est indisponible à 09:25."]


def test_conflicts_that_recur_are_said_once_with_every_hour() -> None:
    sides = (("1", "A"), ("2", "V"), ("3", "V"))
    people = [
        {"id": one, "side": side, "avail": None, "min": 0, "max": 2, "table": None} for one, side in sides
    ]
    pairs = [{"a": "1", "v": vendor, "w": 5} for vendor in ("2", "3")]
    held = [{"a": "1", "v": vendor, "slot": slot, "table": 0} for slot, vendor in enumerate(("2", "3"))]
    asked = problem(tables=[0, 0], participants=people, candidates=pairs)
    found = planner.conflicts(asked, schedule(0) | {"meetings": held}, NAMES, HOURS)
    assert found == ["Pas assez de tables à 09:00, 09:25."]


def test_conflicts_ignore_figures_that_moved_with_the_wishes() -> None:
    assert planner.conflicts(problem(), schedule(0) | {"objective": 3}, NAMES, HOURS) == []


def test_seats_follow_from_the_problem() -> None:
    assert planner.seats(problem(groups=[session(0)])) == [
        {"id": "session-7", "slot": 0, "room": 0, "vendors": ["2"]}
    ]


def test_with_tables_fills_only_those_missing() -> None:
    meetings = [{"slot": 0}, {"slot": 0, "table": 0}, {"slot": 1}]
    assert [meeting["table"] for meeting in planner.with_tables(meetings)] == [1, 0, 0]


def test_unplaced_text_names_what_is_held_instead() -> None:
    entry = {"a": "1", "v": "3", "reason": "outscored", "by": [["1", "2"]]}
    expected = "Des rencontres de plus grande valeur occupent leurs créneaux. (DINUM – Nuage)"
    assert unplaced_text(entry, NAMES) == expected
