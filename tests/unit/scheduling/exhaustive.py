"""Exhaustive search over tiny problems, written from the rules alone, and random tiny problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

Busy = frozenset[tuple[str, int]]


def best_value(
    problem: dict[str, Any],
    stands: Callable[[dict[str, Any], dict[tuple[str, str], int]], bool] = lambda _problem, _held: True,
) -> float | None:
    """The highest objective of any valid schedule; None where there is none. `stands`: a further rule."""
    values = [
        points + value
        for points, busy in _sessions(problem, problem["groups"], 0, frozenset(), ())
        if (value := _best_meetings(problem, busy, stands)) is not None
    ]
    return max(values, default=None)


def _attends(problem: dict[str, Any], identifier: str, slot: int) -> bool:
    avail = next(p["avail"] for p in problem["participants"] if p["id"] == identifier)
    return avail is None or slot in avail


def _sessions(
    problem: dict[str, Any], left: list[dict[str, Any]], points: float, busy: Busy, rooms: tuple[int, ...]
) -> Iterator[tuple[float, Busy]]:
    """Every way to hold all sessions: points of the seats, and who is busy when."""
    if not left:
        yield points, busy
        return
    group, others = left[0], left[1:]
    slots = range(problem["slots"]) if group["slots"] is None else group["slots"]
    for slot in slots:
        host = group["ambassador"]
        if not _attends(problem, host, slot) or (host, slot) in busy or rooms.count(slot) >= problem["rooms"]:
            continue
        free = [s for s in group["vendors"] if _attends(problem, s["v"], slot) and (s["v"], slot) not in busy]
        for size in range(group["min"], min(group["cap"], len(free)) + 1):
            for seats in combinations(free, size):
                taken = busy | {(host, slot)} | {(seat["v"], slot) for seat in seats}
                worth = points + sum(seat["w"] for seat in seats)
                yield from _sessions(problem, others, worth, taken, (*rooms, slot))


def _best_meetings(
    problem: dict[str, Any],
    busy: Busy,
    stands: Callable[[dict[str, Any], dict[tuple[str, str], int]], bool],
) -> float | None:
    forbidden = {tuple(pair) for pair in problem["forbidden"]}
    pins = {(pin["a"], pin["v"]): pin for pin in problem["pinned"]}
    rows = {(c["a"], c["v"]): c for c in problem["candidates"] if (c["a"], c["v"]) not in forbidden}
    for pair in pins:
        rows.setdefault(pair, {"a": pair[0], "v": pair[1], "w": 0})
    if forbidden & pins.keys():
        return None
    people = {person["id"]: person for person in problem["participants"]}
    best: list[float | None] = [None]
    held: dict[tuple[str, str], int] = {}

    def finish() -> None:
        counts = {i: sum(i in pair for pair in held) for i in people}
        if any(p["max"] is not None and counts[i] > p["max"] for i, p in people.items()):
            return
        missing = sum(max(0, p["min"] - counts[i]) for i, p in people.items())
        value = sum(rows[pair]["w"] for pair in held) - problem["shortfall_penalty"] * missing
        if (best[0] is None or value > best[0]) and stands(problem, held):
            best[0] = value

    def extend(
        todo: list[tuple[str, str]], taken: Busy, seats: frozenset[tuple[int, int]], loads: tuple[int, ...]
    ) -> None:
        if not todo:
            finish()
            return
        pair, rest = todo[0], todo[1:]
        pin = pins.get(pair)
        if pin is None:
            extend(rest, taken, seats, loads)
        for slot in range(problem["slots"]):
            if pin is not None and pin.get("slot") not in (None, slot):
                continue
            if any((i, slot) in taken or not _attends(problem, i, slot) for i in pair):
                continue
            table = None if pin is None else pin.get("table")
            counted = not rows[pair].get("remote")
            if counted and (
                loads.count(slot) >= problem["tables"][slot] or (table or 0) >= problem["tables"][slot]
            ):
                continue
            if table is not None and (slot, table) in seats:
                continue
            held[pair] = slot
            sat = seats if table is None else seats | {(slot, table)}
            extend(rest, taken | {(i, slot) for i in pair}, sat, (*loads, slot) if counted else loads)
            del held[pair]

    extend(sorted(rows, key=lambda pair: pair not in pins), busy, frozenset(), ())
    return best[0]


@st.composite
def tiny_problems(draw: st.DrawFn) -> dict[str, Any]:
    """Up to three people a side and three slots; windows, minimums, pins, vetoes, sessions, uneven tables."""
    slots = draw(st.integers(1, 3))
    a_ids = [f"a{n}" for n in range(draw(st.integers(1, 3)))]
    v_ids = [f"v{n}" for n in range(draw(st.integers(1, 3)))]
    pairs = [(a, v) for a in a_ids for v in v_ids]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=6))
    weights = draw(st.sampled_from([st.integers(0, 20), st.sampled_from([0.5, 1.25, 3, 7.1])]))
    pinned = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=2)) if draw(st.booleans()) else []
    pins = [{"a": a, "v": v, **draw(_pin_details(slots))} for a, v in pinned]
    vetoes = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=1))
    return {
        "slots": slots,
        "tables": draw(st.lists(st.integers(0, 3), min_size=slots, max_size=slots)),
        "rooms": draw(st.integers(1, 2)),
        "shortfall_penalty": draw(st.sampled_from([0, 5, 1000])),
        "participants": [_person(draw, i, slots) for i in (*a_ids, *v_ids)],
        "candidates": [
            {"a": a, "v": v, "w": draw(weights), "remote": draw(st.integers(0, 5)) == 5} for a, v in chosen
        ],
        "pinned": pins,
        "forbidden": [list(pair) for pair in vetoes],
        "groups": [_group(draw, n, a_ids, v_ids, slots) for n in range(draw(st.sampled_from([0, 0, 1, 2])))],
    }


def _pin_details(slots: int) -> st.SearchStrategy[dict[str, int]]:
    slot, table = st.integers(0, slots - 1), st.integers(0, 1)
    return st.one_of(
        st.just({}),
        st.fixed_dictionaries({"slot": slot}),
        st.fixed_dictionaries({"table": table}),
        st.fixed_dictionaries({"slot": slot, "table": table}),
    )


def _person(draw: st.DrawFn, identifier: str, slots: int) -> dict[str, Any]:
    window = st.lists(st.integers(0, slots - 1), unique=True)
    least = draw(st.integers(0, 2))
    most = draw(st.none() | st.integers(least, 3))
    return {
        "id": identifier,
        "side": identifier[0].upper(),
        "avail": draw(st.none() | window),
        "min": least,
        "max": most,
        "table": None,
    }


def _group(draw: st.DrawFn, number: int, a_ids: list[str], v_ids: list[str], slots: int) -> dict[str, Any]:
    invited = draw(st.lists(st.sampled_from(v_ids), unique=True, max_size=2))
    cap = draw(st.integers(0, 2))
    return {
        "id": f"g{number}",
        "ambassador": draw(st.sampled_from(a_ids)),
        "vendors": [{"v": v, "w": draw(st.integers(0, 9))} for v in invited],
        "cap": cap,
        "min": draw(st.integers(0, cap)),
        "slots": draw(st.none() | st.lists(st.integers(0, slots - 1), unique=True, min_size=1)),
    }
