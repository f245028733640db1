"""Polishing lowers breaks, keeps the value and every rule."""

from collections.abc import Iterator
from itertools import combinations, permutations, product

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from matching.scheduling.breaks.days import fewest_breaks
from matching.scheduling.breaks.minimise import idle_groups
from matching.scheduling.breaks.polish import breaks_in, polish
from matching.scheduling.construct.tables import give_tables, moves_bound, moves_in
from matching.scheduling.generator import generate
from matching.scheduling.model.problem import Problem
from matching.scheduling.model.schedule import Meeting
from matching.scheduling.search.solve import solve
from matching.scheduling.verify.check import check

SETTINGS = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("seed", range(4))
def test_polished_schedule_stands_and_has_fewer_breaks(seed: int) -> None:
    data = generate(12, 20, 10, 9, windows="random15", wishes=10, pins=4, groups=2, seed=seed)
    problem = Problem.from_json(data | {"blocks": [0, 5]})
    schedule = solve(problem, work_limit=2, polish_work=0)
    polished = polish(problem, schedule, work_limit=2)
    assert check(problem, polished) == []
    assert polished.objective == schedule.objective
    assert {(m.a, m.v) for m in polished.meetings} == {(m.a, m.v) for m in schedule.meetings}
    assert breaks_in(problem, polished) < breaks_in(problem, schedule)
    assert polish(problem, schedule, work_limit=2) == polished
    breaks, moves, _ = polished.comfort
    assert (breaks.before, breaks.after) == (breaks_in(problem, schedule), breaks_in(problem, polished))
    assert (moves.before, moves.after) == (moves_in(schedule.meetings), moves_in(polished.meetings))
    assert all(figure.bound is not None and figure.bound <= figure.after for figure in (breaks, moves))


@given(
    fixed=st.sampled_from([0, 0, 1, 6, 40, 129, 255]),
    window=st.integers(0, 255),
    count=st.integers(0, 5),
    blocks=st.sampled_from([(0,), (0, 4), (0, 2, 5)]),
)
@settings(SETTINGS, max_examples=300)
def test_fewest_breaks_of_a_person_equal_exhaustive_search(
    fixed: int, window: int, count: int, blocks: tuple[int, ...]
) -> None:
    taken = {slot for slot in range(8) if fixed >> slot & 1}
    free = [slot for slot in range(8) if window >> slot & 1 and slot not in taken]
    assume(len(free) >= count)
    best = min(idle_groups([*taken, *chosen], blocks) for chosen in combinations(free, count))
    assert fewest_breaks(8, blocks, fixed, window, count) == best


@st.composite
def tiny_evenings(draw: st.DrawFn) -> dict[tuple[str, str], int]:
    """Up to three meetings at each of three slots."""
    held: dict[tuple[str, str], int] = {}
    for slot in range(3):
        a_side = draw(st.permutations(["a0", "a1", "a2"]))[: draw(st.integers(0, 3))]
        v_side = draw(st.permutations(["v0", "v1", "v2"]))
        held |= {pair: slot for pair in zip(a_side, v_side, strict=False) if pair not in held}
    return held


@given(slots=tiny_evenings())
@settings(SETTINGS, max_examples=300)
def test_tables_are_given_with_few_moves_and_a_true_bound(slots: dict[tuple[str, str], int]) -> None:
    people = [{"id": f"{side}{n}", "side": side.upper()} for side in "av" for n in range(3)]
    problem = Problem.from_json({"slots": 3, "tables": 3, "participants": people, "candidates": []})
    given_out = give_tables(problem, slots)
    best = min(moves_in(meetings) for meetings in every_seating(slots))
    assert moves_bound(given_out) <= best <= moves_in(given_out)
    if not any(last - first == 2 and slot_count == 2 for first, last, slot_count in stays(slots)):
        assert moves_in(given_out) == best == moves_bound(given_out)


def every_seating(slots: dict[tuple[str, str], int]) -> Iterator[list[Meeting]]:
    by_slot = [[pair for pair, slot in slots.items() if slot == at] for at in range(3)]
    for tables in product(*(permutations(range(3), len(pairs)) for pairs in by_slot)):
        yield [
            Meeting(*pair, at, table)
            for at, pairs in enumerate(by_slot)
            for pair, table in zip(pairs, tables[at], strict=True)
        ]


def stays(slots: dict[tuple[str, str], int]) -> Iterator[tuple[int, int, int]]:
    """First slot, last slot and number of slots of each person."""
    for identifier in {i for pair in slots for i in pair}:
        mine = [slot for pair, slot in slots.items() if identifier in pair]
        yield min(mine), max(mine), len(mine)
