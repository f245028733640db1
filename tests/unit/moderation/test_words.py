"""The journal of moderation says every action that any service records."""

import re
from pathlib import Path

from app.moderation.presenters import ACTIONS

APP = Path(__file__).parents[3] / "app"
RECORDED = re.compile(r'\brecord\(\s*[\w.()=]+,\s*"([a-z_]+\.[a-z_]+)"')

ORDER = re.compile(r'= Publishing\(\s*spec=\w+,\s*name="(\w+)"')


def test_every_recorded_action_has_words() -> None:
    recorded = {name for path in APP.rglob("*.py") for name in RECORDED.findall(path.read_text())}

    assert len(recorded) > 60
    assert sorted(recorded - ACTIONS.keys()) == []


def test_every_step_of_a_publication_has_words() -> None:
    """Recorded by `app.content` for each of its domains."""
    names = {name for path in APP.rglob("services/*.py") for name in ORDER.findall(path.read_text())}
    names |= set(ORDER.findall((APP / "needs" / "services.py").read_text()))

    assert names == {"event", "need", "offer"}
    assert [name for name in names if f"{name}.published" not in ACTIONS] == []
    assert [name for name in names if f"{name}.draft_dropped" not in ACTIONS] == []
    assert [name for name in names - {"event"} if f"{name}.sent_to_moderation" not in ACTIONS] == []
