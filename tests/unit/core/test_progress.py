"""What a heartbeat left, read whatever it was."""

import pytest

from app.core.jobs.progress import Counted, counted


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ({}, Counted()),
        ({"done": 0, "total": 12}, Counted(0, 12)),
        ({"done": 3, "total": 12, "phase": "flow"}, Counted(3, 12)),
        ({"phase": "flow"}, Counted()),
        ({"done": 3}, Counted()),
        ({"done": None, "total": "12"}, Counted()),
    ],
)
def test_what_is_counted(stored: dict[str, object], expected: Counted) -> None:
    assert counted(stored) == expected
