"""Breaks of given meetings: proved minimum against exhaustive search, and the published instances."""

import json
import random
import time
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.scheduling.breaks.b2b import B2BInstance
from matching.scheduling.breaks.local_search import LocalSearch
from matching.scheduling.breaks.minimise import breaks_of, count_breaks, minimise_breaks
from matching.scheduling.cli.command import main

PUBLISHED = Path(__file__).parents[4] / "shared" / "data" / "b2b"


@st.composite
def tiny_instances(draw: st.DrawFn) -> B2BInstance:
    people, slots = draw(st.integers(2, 4)), draw(st.integers(2, 5))
    pairs = [(p, q) for p in range(people) for q in range(p)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1, max_size=4))
    allowed = [draw(st.frozensets(st.integers(0, slots - 1), min_size=1)) for _ in chosen]
    earlier = ((0, 1),) if len(chosen) > 1 and draw(st.booleans()) else ()
    blocks = draw(st.sampled_from([(0,), (0, slots // 2)]))
    tables = (draw(st.integers(1, 2)),) * slots
    difference = draw(st.sampled_from([0, 1, 2, None]))
    return B2BInstance(people, slots, tables, tuple(chosen), tuple(allowed), earlier, difference, blocks)


def fewest(instance: B2BInstance) -> int | None:
    """The minimum over every choice of slots; None where none is valid."""
    best = None
    for slots in product(*instance.allowed):
        places = [(p, slot) for pair, slot in zip(instance.pairs, slots, strict=True) for p in pair]
        counts = breaks_of(instance, list(slots))
        if (
            len(set(places)) == len(places)
            and all(slots.count(slot) <= tables for slot, tables in enumerate(instance.tables))
            and all(slots[before] < slots[after] for before, after in instance.earlier)
            and (instance.difference is None or max(counts) - min(counts) <= instance.difference)
        ):
            best = sum(counts) if best is None else min(best, sum(counts))
    return best


@given(instance=tiny_instances())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_breaks_equal_exhaustive_search(instance: B2BInstance) -> None:
    answer = minimise_breaks(instance)
    best = fewest(instance)
    assert (answer.feasible, answer.breaks) == (best is not None, best)
    assert answer.proved


@pytest.mark.parametrize("breaks", [1, 9, 10, 11, 24])
def test_more_breaks_than_are_counted_at_first_are_proved(breaks: int) -> None:
    slots = 2 * breaks + 1
    pairs = tuple((0, guest) for guest in range(1, breaks + 2))
    allowed = tuple(frozenset({2 * meeting}) for meeting in range(breaks + 1))
    answer = minimise_breaks(B2BInstance(breaks + 2, slots, (1,) * slots, pairs, allowed, difference=None))
    assert (answer.breaks, answer.bound, answer.proved) == (breaks, breaks, True)


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published instances are not on this machine")
def test_published_instance_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["breaks", str(PUBLISHED / "tic-12.original.dzn"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["breaks"], answer["bound"], answer["proved"], len(answer["slots"])) == (0, 0, True, 125)


def test_unreadable_instance_exits_2(tmp_path: Path) -> None:
    path = tmp_path / "bad.dzn"
    path.write_text("nBusiness = 3;")
    assert main(["breaks", str(path)]) == 2


def test_local_search_keeps_every_rule_and_mends_most_days() -> None:
    """Twelve people in ten slots, each pair of a ring of neighbours, scattered at first."""
    rng = random.Random(3)
    pairs = tuple((n, (n + step) % 12) for n in range(12) for step in (1, 2))
    slots: list[int] = []
    for first, second in pairs:
        taken = {slot for pair, slot in zip(pairs, slots, strict=False) if {first, second} & set(pair)}
        slots.append(rng.choice([slot for slot in range(10) if slot not in taken]))
    ring = B2BInstance(12, 10, (6,) * 10, pairs, (frozenset(range(10)),) * 24, difference=2)
    told: list[list[int]] = []
    LocalSearch(ring, slots).run(told.append, time.perf_counter() + 1.5, random.Random(1))
    assert count_breaks(ring, told[-1]) <= 3 < count_breaks(ring, slots)
    assert [count_breaks(ring, found) for found in told] == sorted(
        (count_breaks(ring, found) for found in told), reverse=True
    )
    for found in told:
        busy = [(person, slot) for pair, slot in zip(pairs, found, strict=True) for person in pair]
        assert len(set(busy)) == len(busy)
        assert max(found.count(slot) for slot in range(10)) <= 6
        breaks = breaks_of(ring, found)
        assert max(breaks) - min(breaks) <= 2


def test_meetings_that_no_slots_suit_are_told_to_be_infeasible(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "impossible.dzn"
    path.write_text(
        "nBusiness = 3; nMeetings = 2; nTables = 2; nTotalSlots = 1; nMorningSlots = 1;"
        " requested = [|1,2,3|1,3,3|]; forbidden = [{},{},{}];"
    )
    assert main(["breaks", str(path), "--time-limit", "20"]) == 1
    assert capsys.readouterr().out.startswith("infeasible (proved) in ")
