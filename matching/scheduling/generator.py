"""Random problems of a given size and kind of windows, the same for the same seed."""

from __future__ import annotations

import random
from typing import Any

WINDOWS = ("none", "random15", "random30", "random35", "halves", "blocks50")


def generate(
    administrations: int,
    vendors: int,
    slots: int,
    tables: int,
    *,
    windows: str = "none",
    wishes: int = 30,
    minimum: int = 2,
    pins: int = 0,
    groups: int = 0,
    seed: int = 0,
) -> dict[str, Any]:
    """A problem in the interchange format; `wishes` candidates per administration, values 1 to 220."""
    rng = random.Random(f"{administrations}-{vendors}-{slots}-{windows}-{seed}")  # noqa: S311 - not a secret
    a_ids = [f"a{n}" for n in range(administrations)]
    v_ids = [f"v{n}" for n in range(vendors)]
    rows = [_person(identifier, "A", slots, windows, minimum, rng) for identifier in a_ids]
    rows += [_person(identifier, "V", slots, windows, 1 if minimum else 0, rng) for identifier in v_ids]
    present = {row["id"]: set(range(slots) if row["avail"] is None else row["avail"]) for row in rows}
    candidates = []
    for a in a_ids:
        for v in sorted(rng.sample(v_ids, min(wishes, vendors)), key=lambda name: int(name[1:])):
            bonus = rng.choice((0, 0, 0, 45, 60, 120))
            candidates.append({"a": a, "v": v, "w": rng.randint(1, 100) + bonus})
    return {
        "name": f"{administrations}x{vendors}x{slots} {windows} seed {seed}",
        "slots": slots,
        "tables": tables,
        "rooms": max(1, groups),
        "shortfall_penalty": 1000,
        "participants": rows,
        "candidates": candidates,
        "pinned": _pins(candidates, present, pins, rng),
        "forbidden": [],
        "groups": _groups(a_ids, v_ids, present, slots, groups, rng),
    }


def _person(  # noqa: PLR0917 - private
    identifier: str, side: str, slots: int, windows: str, minimum: int, rng: random.Random
) -> dict[str, Any]:
    avail: list[int] | None = None
    if windows.startswith("random"):
        away = int(windows.removeprefix("random")) / 100
        avail = [slot for slot in range(slots) if rng.random() >= away] or [rng.randrange(slots)]
    elif windows == "halves":
        start = rng.choice((0, slots // 2))
        avail = list(range(start, start + slots // 2)) if rng.random() < 0.8 else None
    elif windows == "blocks50":
        length = max(1, slots // 2)
        start = rng.randrange(slots)
        avail = sorted((start + step) % slots for step in range(length))
    return {"id": identifier, "side": side, "avail": avail, "min": minimum, "max": None, "table": None}


def _pins(
    candidates: list[dict[str, Any]], present: dict[str, set[int]], count: int, rng: random.Random
) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    people: set[str] = set()
    for row in rng.sample(candidates, len(candidates)):
        common = sorted(present[row["a"]] & present[row["v"]])
        if len(kept) >= count:
            break
        if common and not {row["a"], row["v"]} & people:
            people |= {row["a"], row["v"]}
            kept.append(
                {"a": row["a"], "v": row["v"]} | ({"slot": rng.choice(common)} if rng.random() < 0.5 else {})
            )
    return kept


def _groups(  # noqa: PLR0917 - private
    a_ids: list[str],
    v_ids: list[str],
    present: dict[str, set[int]],
    slots: int,
    count: int,
    rng: random.Random,
) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for number, host in enumerate(rng.sample(a_ids, min(count, len(a_ids)))):
        invited = rng.sample(v_ids, min(12, len(v_ids)))
        kept.append(
            {
                "id": f"g{number}",
                "ambassador": host,
                "vendors": [{"v": v, "w": rng.randint(1, 100)} for v in invited],
                "cap": 8,
                "min": 0,
                "slots": sorted(present[host]) if rng.random() < 0.5 else None,
            }
        )
    return kept
