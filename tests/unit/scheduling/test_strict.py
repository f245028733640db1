"""Files are read strictly: what the JSON Schema refuses the readers refuse, and the other way round."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.scheduling.cli.command import main
from matching.scheduling.generator import generate
from matching.scheduling.model.errors import ProblemError
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Schedule
from matching.scheduling.model.schema import EVENTS, PROBLEM, SCHEDULE
from matching.scheduling.repair.reading import read_events
from matching.scheduling.search.solve import solve

WHOLE = generate(3, 4, 3, 2, wishes=3, pins=1, groups=1, seed=5) | {
    "blocks": [0, 2],
    "table_rooms": ["hall", "annex"],
    "walks": [["hall", "annex"]],
    "days": [0, 1],
    "started": 0,
    "quotas": [{"id": "SMEs", "members": ["v0", "v1"], "among": ["a0"], "min": 1, "max": 4, "min_share": 30}],
    "equipment": [{"id": "screen", "count": 1}],
}
WHOLE["participants"][0] |= {
    "people": [{"id": "Ana", "avail": [0, 1]}],
    "free_one_of": [0, 2],
    "free_count": 1,
}
WHOLE["participants"][1] |= {"parallel": 2, "max_in_a_row": 2, "min_gap": 0}
WHOLE["participants"][2] |= {"max_a_day": 2, "min_a_day": 1}
WHOLE["order"] = [
    {key: [row["a"], row["v"]] for key, row in zip(("first", "then"), WHOLE["candidates"], strict=False)}
]
WHOLE["candidates"][0] |= {"needs": ["screen"], "met_before": 1.5}
WHOLE["candidates"][0] |= {"remote": False, "slot_bonus": {"1": -2.5}}
SOLVED = solve(Problem.from_json(WHOLE), work_limit=1).to_json()
HAPPENED: list[dict[str, Any]] = [
    {"kind": "absence", "id": "a0", "start": 1, "until": None},
    {"kind": "lost_tables", "count": 1, "start": 2},
    {
        "kind": "newcomer",
        "participant": {"id": "v9", "side": "V"},
        "candidates": [{"a": "a0", "v": "v9", "w": 3}],
    },
]
VALUES: list[Any] = [None, -1, 0, 1, 1.5, "x", "", True, [], {}, [None], 10**20, "erase", "more"]
FORM = {"unknown_field", "bad_number", "bad_flag", "bad_text", "bad_side", "bad_status", "missing_field"}
"""Faults of form, which the schema tells too; others may be of sense (an identifier that nobody has)."""


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value of a document."""
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for key, value in children for found in places(value, (*path, key)))]


@pytest.mark.parametrize(("schema", "document"), [(PROBLEM, WHOLE), (SCHEDULE, SOLVED), (EVENTS, HAPPENED)])
def test_schemas_are_schemas_and_accept_what_is_sound(schema: dict[str, Any], document: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(document)))


@pytest.mark.parametrize("kind", ["problem", "schedule", "events"])
@settings(deadline=None, derandomize=True, max_examples=300, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_reader_and_schema_refuse_the_same_forms(kind: str, data: st.DataObject) -> None:
    schema, document = {
        "problem": (PROBLEM, WHOLE),
        "schedule": (SCHEDULE, SOLVED),
        "events": (EVENTS, HAPPENED),
    }[kind]
    changed = copy.deepcopy(document)
    path = data.draw(st.sampled_from(places(changed)[1:]))
    *way, last = path
    target: Any = changed
    for key in way:
        target = target[key]
    value: Any = data.draw(
        st.sampled_from([None, -1, 0, 1, 1.5, "x", "", True, [], {}, [None], 10**20, "erase", "more"])
    )
    if value == "erase":
        del target[last]
    elif value == "more" and isinstance(target, dict):
        target["colour"] = 1
    else:
        target[last] = value
    refused = not jsonschema.Draft202012Validator(schema).is_valid(changed)
    try:
        if kind == "problem":
            Problem.from_json(changed)
        elif kind == "schedule":
            Schedule.from_json(changed)
        else:
            read_events(changed, Problem.from_json(WHOLE))
        codes: set[str] = set()
    except ProblemError as error:
        codes = {fault.code for fault in error.items}
    assert codes or not refused
    assert refused or not codes & FORM


@pytest.mark.parametrize(
    ("change", "path", "meant"),
    [
        ({"pinnned": []}, "pinnned", "pinned"),
        ({"pinned": [{"a": "a0", "v": "v0", "slott": 1}]}, "pinned[0].slott", "slot"),
        ({"groups": [WHOLE["groups"][0] | {"ambasador": "a0"}]}, "groups[0].ambasador", "ambassador"),
    ],
)
def test_an_unknown_field_is_named_with_its_path(change: dict[str, Any], path: str, meant: str) -> None:
    with pytest.raises(ProblemError) as refused:
        Problem.from_json(WHOLE | change)
    [fault] = refused.value.items
    assert (fault.code, fault.item) == ("unknown_field", path)
    assert f"did you mean {meant!r}?" in fault.text


def test_a_field_that_stands_twice_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "problem.json"
    text = json.dumps(WHOLE)
    path.write_text(text.replace('"side": "A"', '"side": "V", "side": "A"', 1))
    assert main(["solve", str(path), "--out", str(tmp_path / "out.json")]) == 2
    assert capsys.readouterr().err == "error [repeated_field]: participants[0].side: stands twice\n"
