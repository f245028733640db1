"""Breaks of given meetings: proved minimum against exhaustive search, and the published instances."""

import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.scheduling.breaks.b2b import B2BInstance
from matching.scheduling.breaks.minimise import breaks_of, minimise_breaks
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
