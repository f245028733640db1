import pytest

from app.schedules import planner
from app.schedules.presenters.words import unplaced_text
from app.schedules.reports import Held, Unplaced
from app.schedules.wording import fault_texts

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


def against(asked: dict[str, object], held: dict[str, object]) -> list[str]:
    return fault_texts(planner.schedule_faults(asked, held), NAMES, HOURS)


def test_a_sound_problem_has_no_fault() -> None:
    assert planner.problem_faults(problem()) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
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
def test_the_faults_of_a_problem_are_said_in_french(changes: dict[str, object], message: str) -> None:
    assert fault_texts(planner.problem_faults(problem(**changes)), NAMES, HOURS) == [message]


def test_conflicts_of_a_schedule_that_stands_are_none() -> None:
    assert against(problem(), schedule(0)) == []


def test_conflicts_name_who_is_away_and_when() -> None:
    assert against(problem(), schedule(1)) == ["Nuage est indisponible à 09:25."]


def test_conflicts_that_recur_are_said_once_with_every_hour() -> None:
    sides = (("1", "A"), ("2", "V"), ("3", "V"))
    people = [
        {"id": one, "side": side, "avail": None, "min": 0, "max": 2, "table": None} for one, side in sides
    ]
    pairs = [{"a": "1", "v": vendor, "w": 5} for vendor in ("2", "3")]
    held = [{"a": "1", "v": vendor, "slot": slot, "table": 0} for slot, vendor in enumerate(("2", "3"))]
    asked = problem(tables=[0, 0], participants=people, candidates=pairs)
    found = against(asked, schedule(0) | {"meetings": held})
    assert found == ["Pas assez de tables à 09:00, 09:25."]


def test_conflicts_ignore_figures_that_moved_with_the_wishes() -> None:
    assert against(problem(), schedule(0) | {"objective": 3}) == []


def test_seats_follow_from_the_problem() -> None:
    assert planner.seats(problem(groups=[session(0)])) == [
        {"id": "session-7", "slot": 0, "room": 0, "vendors": ["2"]}
    ]


def test_with_tables_fills_only_those_missing() -> None:
    meetings = [Held("1", "2", 0), Held("3", "4", 0, 0), Held("1", "4", 1)]
    assert planner.with_tables(meetings) == [(meetings[0], 1), (meetings[1], 0), (meetings[2], 0)]


def test_unplaced_text_names_what_is_held_instead() -> None:
    entry = Unplaced("1", "3", "outscored", (("1", "2"),))
    expected = "Des rencontres de plus grande valeur occupent leurs créneaux. (DINUM – Nuage)"
    assert unplaced_text(entry, NAMES) == expected
