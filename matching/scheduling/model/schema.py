"""The JSON Schema (draft 2020-12) of problems, schedules and events: what the readers accept, field by field.

The readers take from here which fields exist; what the schema cannot say (an identifier must exist, a pin
must be possible) they say themselves."""

from __future__ import annotations

from typing import Any

DRAFT = "https://json-schema.org/draft/2020-12/schema"
LARGEST = 1_000_000  # of a whole number: what solvers and lists can hold
LARGEST_POINTS = 1_000_000_000  # flows add up integers of 64 bits
MOST_SLOTS = 10_000

Schema = dict[str, Any]


def _object(required: str, optional: Schema, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties | optional,
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [{"type": "null"}, schema]}


COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": LARGEST}
POSITIVE: Schema = COUNT | {"minimum": 1}
POINTS: Schema = {"type": "number", "minimum": 0, "maximum": LARGEST_POINTS}
NAME: Schema = {"anyOf": [{"type": "string", "minLength": 1}, {"type": "integer"}]}
SLOTS: Schema = _or_null(_list(COUNT))
PAIR: Schema = {"type": "array", "items": NAME, "minItems": 2, "maxItems": 2}
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}

PARTICIPANT = _object(
    "id side",
    {
        "min": _or_null(COUNT),
        "max": _or_null(COUNT),
        "table": _or_null(COUNT),
        "avail": SLOTS,
        "parallel": _or_null(POSITIVE),
        "people": _or_null(_list(_object("id", {"avail": SLOTS}, id=NAME))),
        "free_one_of": SLOTS,
        "free_count": _or_null(POSITIVE),
        "max_in_a_row": _or_null(POSITIVE),
        "min_gap": _or_null(COUNT),
        "max_a_day": _or_null(COUNT),
        "min_a_day": _or_null(COUNT),
    },
    id=NAME,
    side={"enum": ["A", "V"]},
)
BONUS: Schema = {"type": "number", "minimum": -LARGEST_POINTS, "maximum": LARGEST_POINTS}
BONUSES: Schema = {
    "type": "object",
    "propertyNames": {"pattern": "^[0-9]+$"},
    "additionalProperties": BONUS,
}
NAMES: Schema = _list(NAME)
CANDIDATE = _object(
    "a v w",
    {
        "remote": FLAG,
        "slot_bonus": _or_null(BONUSES),
        "needs": _or_null(NAMES),
        "met_before": POINTS,
    },
    a=NAME,
    v=NAME,
    w=POINTS,
)
QUOTA = _object(
    "id members",
    {
        "among": _or_null(NAMES),
        "min": _or_null(COUNT),
        "max": _or_null(COUNT),
        "min_share": _or_null(COUNT | {"maximum": 100}),
    },
    id=NAME,
    members=NAMES,
)
ORDER = _object("first then", {}, first=PAIR, then=PAIR)
EQUIPMENT = _object("id count", {}, id=NAME, count=COUNT)
PIN = _object("a v", {"slot": _or_null(COUNT), "table": _or_null(COUNT), "slots": SLOTS}, a=NAME, v=NAME)
SEAT = _object("v", {"w": POINTS}, v=NAME)
GROUP = _object(
    "id ambassador",
    {"cap": _or_null(COUNT), "min": _or_null(COUNT), "slots": SLOTS, "vendors": _or_null(_list(SEAT))},
    id=NAME,
    ambassador=NAME,
)
PROBLEM: Schema = {"$schema": DRAFT, "title": "A scheduling problem"} | _object(
    "slots tables participants",
    {
        "name": _or_null(TEXT),
        "rooms": _or_null(COUNT),
        "shortfall_penalty": POINTS,
        "candidates": _or_null(_list(CANDIDATE)),
        "pinned": _or_null(_list(PIN)),
        "forbidden": _or_null(_list(PAIR)),
        "groups": _or_null(_list(GROUP)),
        "blocks": SLOTS,
        "days": SLOTS,
        "started": _or_null(COUNT),
        "quotas": _or_null(_list(QUOTA)),
        "order": _or_null(_list(ORDER)),
        "equipment": _or_null(_list(EQUIPMENT)),
        "table_rooms": _or_null(_list({"type": "string", "minLength": 1})),
        "walks": _or_null(_list({"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2})),
    },
    slots={"type": "integer", "minimum": 1, "maximum": MOST_SLOTS},
    tables={"anyOf": [COUNT, _list(COUNT)]},
    participants=_list(PARTICIPANT),
)

NUMBER: Schema = {"type": "number"}
MEETING = _object(
    "a v slot",
    {"table": _or_null(COUNT), "a_person": _or_null(NAME), "v_person": _or_null(NAME)},
    a=NAME,
    v=NAME,
    slot=COUNT,
)
HELD_GROUP = _object(
    "id slot", {"room": _or_null(COUNT), "vendors": _or_null(_list(NAME))}, id=NAME, slot=COUNT
)
LIMIT = _object("code", {"items": _list(TEXT), "room": COUNT}, code=TEXT)
SCHEDULE: Schema = {"$schema": DRAFT, "title": "A schedule"} | _object(
    "meetings",
    {
        "groups": _or_null(_list(HELD_GROUP)),
        "objective": NUMBER,
        "bound": NUMBER,
        "gap": NUMBER,
        "status": {"enum": ["optimal", "feasible", "infeasible"]},
        "unplaced": _or_null(
            _list(_object("a v", {"reason": TEXT, "by": _or_null(_list(_list(TEXT)))}, a=NAME, v=NAME))
        ),
        "bottlenecks": _or_null(
            _list(
                _object(
                    "code",
                    {"people": _list(TEXT), "wanted": COUNT, "room": COUNT, "limits": _or_null(_list(LIMIT))},
                    code=TEXT,
                )
            )
        ),
        "comfort": _or_null(
            _list(_object("code", {"before": COUNT, "after": COUNT, "bound": _or_null(COUNT)}, code=TEXT))
        ),
        "replay": _or_null(
            _object(
                "seed",
                {"work_limit": _or_null(POINTS), "polish_work": POINTS, "exact": FLAG},
                seed={"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
            )
        ),
    },
    meetings=_or_null(_list(MEETING)),
)

EVENT: Schema = {
    "anyOf": [
        _object("kind id", {"start": COUNT, "until": _or_null(COUNT)}, kind={"const": "absence"}, id=NAME),
        _object("kind count", {"start": COUNT}, kind={"const": "lost_tables"}, count=COUNT),
        _object(
            "kind participant",
            {"candidates": _or_null(_list(CANDIDATE))},
            kind={"const": "newcomer"},
            participant=PARTICIPANT,
        ),
    ]
}
EVENTS: Schema = {"$schema": DRAFT, "title": "What happened since a schedule was published"} | _list(EVENT)

SCHEMAS = {"problem": PROBLEM, "schedule": SCHEDULE, "events": EVENTS}
