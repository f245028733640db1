"""Rounded parts add up to the rounded total."""

from hypothesis import given
from hypothesis import strategies as st

from app.matchmaking.presenters.figures import addends, parts_of

NUMBERS = st.lists(st.floats(-20, 20), min_size=1, max_size=12)


@given(NUMBERS)
def test_parts_add_up_and_stay_close(parts: list[float]) -> None:
    shown = parts_of(sum(parts), parts)
    assert round(sum(shown), 3) == round(sum(parts), 3)
    assert all(abs(rounded - part) <= 0.001 + 1e-9 for rounded, part in zip(shown, parts, strict=True))


def test_the_largest_remainder_is_rounded_up() -> None:
    assert parts_of(1.0, [0.3333, 0.3333, 0.3334]) == [0.333, 0.333, 0.334]
    assert parts_of(-0.0015, [-0.001, -0.0005]) == [-0.001, -0.001]


def test_addends_name_their_signal() -> None:
    parts = [
        {"signal": "dense", "contribution": 1.2345, "raw": 0.4, "normalised": 1.2345, "weight": 1.0},
        {"signal": "objective:cost", "contribution": 0.5, "raw": 0.5, "normalised": 0.5, "weight": 1.0},
    ]
    found = addends(parts, 1.7345, str.upper)
    assert [(line.label, line.shown) for line in found] == [("DENSE", 1.234), ("OBJECTIVE:COST", 0.5)]
