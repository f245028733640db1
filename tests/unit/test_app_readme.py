"""`app/README.md` is followed to the letter: its paths, its names, its code."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "app/README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.S)
QUOTED = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.S))
PATHS = sorted(
    {text for text in QUOTED if re.fullmatch(r"[\w./-]+/[\w.-]*", text) and not text.startswith("/")}
)
NAMES = sorted({text for text in QUOTED if re.fullmatch(r"(?:app|matching)\.[\w.]+:\w+", text)})


def test_the_page_has_something_to_follow() -> None:
    assert (len(BLOCKS), len(PATHS) > 5, len(NAMES) > 12) == (5, True, True)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_given_is_there(name: str) -> None:
    module, _colon, attribute = name.partition(":")
    assert hasattr(importlib.import_module(module), attribute)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_code_block_runs(block: str) -> None:
    exec(compile(block, "app/README.md", "exec"), {})
