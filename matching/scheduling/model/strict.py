"""Fields that do not exist or stand twice: refused with their path, and with the name that was meant."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from reprlib import repr as brief
from typing import Any

from matching.scheduling.model.fields import FaultList

MOST_TOLD = 20  # of one file: a wrong name repeated on every row needs no more


class Repeated(dict[str, Any]):
    """A JSON object some of whose fields stand twice; the last one counts, as everywhere."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(name for name, _ in pairs)
        self.twice = [name for name, count in counts.items() if count > 1]


def pairs_hook(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """What `json.loads` makes of an object."""
    found = dict(pairs)
    return found if len(found) == len(pairs) else Repeated(pairs)


def refuse_unknown(data: object, schema: Mapping[str, Any], faults: FaultList, path: str = "") -> None:
    """Add a fault for each field that the schema does not know, or that stands twice."""
    for choice in schema.get("anyOf", ()):
        if "properties" in choice or "items" in choice:
            schema = choice
            break
    if isinstance(data, Mapping) and "properties" in schema:
        _refuse_fields(data, schema["properties"], faults, path)
    elif isinstance(data, list) and "items" in schema:
        item = schema["items"]
        if "properties" in item or "items" in item:
            for place, row in enumerate(data):
                refuse_unknown(row, item, faults, f"{path}[{place}]")


def _refuse_fields(data: Mapping[str, Any], known: Mapping[str, Any], faults: FaultList, path: str) -> None:
    prefix = f"{path}." if path else ""
    if not known.keys() >= data.keys():
        for name in data:
            if name not in known and len(faults.faults) < MOST_TOLD:
                meant = get_close_matches(str(name), known, 1)
                hint = f" (did you mean {meant[0]!r}?)" if meant else f" (known: {', '.join(known)})"
                faults.add("unknown_field", f"{prefix}{name}", f"{prefix}{name}: no such field{hint}")
    if isinstance(data, Repeated):
        for name in data.twice:
            faults.add("repeated_field", f"{prefix}{name}", f"{prefix}{name}: stands twice")
    for name, schema in known.items():
        if isinstance(data.get(name), (list, Mapping)):
            refuse_unknown(data[name], schema, faults, f"{prefix}{name}")


TYPES: dict[str, tuple[type, ...]] = {
    "object": (Mapping,),
    "array": (list, tuple),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}


def fits(data: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a value has the form that a schema of ours asks for."""
    if "anyOf" in schema:
        return any(fits(data, choice) for choice in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return bool(data in schema.get("enum", [schema.get("const")]))
    if not isinstance(data, TYPES[schema["type"]]):
        return False
    if data is None or isinstance(data, bool):
        return bool(schema["type"] in {"null", "boolean"})
    if isinstance(data, Mapping):
        if "properties" not in schema:  # names are numbers of slots
            known = schema["additionalProperties"]
            return all(str(name).isdecimal() and fits(value, known) for name, value in data.items())
        known = schema["properties"]
        return data.keys() >= set(schema["required"]) and all(
            name in known and fits(value, known[name]) for name, value in data.items()
        )
    if isinstance(data, (list, tuple)):
        sized = schema.get("minItems", 0) <= len(data) <= schema.get("maxItems", len(data))
        return sized and all(fits(item, schema["items"]) for item in data)
    if isinstance(data, str):
        return bool(len(data) >= schema.get("minLength", 0))
    return bool(schema.get("minimum", -math.inf) <= data <= schema.get("maximum", math.inf))


def refuse_misshapen(data: Mapping[str, Any], schema: Mapping[str, Any], faults: FaultList) -> None:
    """Add a fault for each field of an object that has not its form; of a list, for its first such row."""
    for name, known in schema["properties"].items():
        if name not in data or fits(data[name], known):
            continue
        row = next(choice for choice in known.get("anyOf", [known]) if choice.get("type") != "null")
        value, path = data[name], name
        if isinstance(value, list) and "items" in row:
            place = next(n for n, item in enumerate(value) if not fits(item, row["items"]))
            value, path = value[place], f"{name}[{place}]"
        faults.add("bad_form", path, f"{path}: {brief(value)} has not the form the schema asks for")
