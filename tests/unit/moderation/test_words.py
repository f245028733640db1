"""The journal of moderation says every action that any service records."""

import re
from pathlib import Path

from app.moderation.presenters import ACTIONS

APP = Path(__file__).parents[3] / "app"
RECORDED = re.compile(r'\brecord\(\s*[\w.()]+,\s*"([a-z_]+\.[a-z_]+)"')


def test_every_recorded_action_has_words() -> None:
    recorded = {name for path in APP.rglob("*.py") for name in RECORDED.findall(path.read_text())}

    assert len(recorded) > 60
    assert sorted(recorded - ACTIONS.keys()) == []
