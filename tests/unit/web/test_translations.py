"""The interface speaks English wherever it speaks French: every text is translated, with its placeholders."""

import re
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

APP = Path(__file__).parents[3] / "app"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "_l": None}
METHODS = [
    ("node_modules/**", "ignore"),
    ("static/**", "ignore"),
    ("**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%%")


@cache
def texts() -> tuple[str, ...]:
    """Every French text of the sources; of a plural entry, its singular."""
    options = {"**.html": {"encoding": "utf-8", "trimmed": "true"}}
    found = extract_from_dir(APP, METHODS, options, keywords=KEYWORDS)
    return tuple(
        dict.fromkeys(
            message if isinstance(message, str) else message[0]
            for _f, _l, message, _c, _x in found
            if message
        )
    )


@cache
def english() -> Catalog:
    with (APP / "translations" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def test_every_text_is_translated() -> None:
    assert len(texts()) > 1000
    catalogue = english()
    missing = [text for text in texts() if (entry := catalogue.get(text)) is None or not entry.string]
    assert missing == []


def test_placeholders_survive_translation() -> None:
    wrong = []
    for message in english():
        if not message.id or not message.string:
            continue
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        targets = [message.string] if isinstance(message.string, str) else list(message.string)
        for source, target in zip(sources, targets, strict=True):
            if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(target)):
                wrong.append((source, target))
    assert wrong == []
