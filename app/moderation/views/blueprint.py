"""What the pages of moderation share: their blueprint and their words."""

from typing import cast

from flask import Blueprint, g

from app.moderation import presenters as words
from app.moderation.presenters.law import rule_text, rule_value
from app.reference.queries import attributes, criteria

blueprint = Blueprint("moderation", __name__)


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {
        "moderation_words": words,
        "rule_text": rule_text,
        "rule_value": rule_value,
        "criterion_labels": _labels,
    }


def _labels() -> dict[str, str]:
    """A function: a page that does not name them, an error above all, asks the database nothing."""
    if "criterion_labels" not in g:
        labels = {item.key: item.label for item in attributes()}
        g.criterion_labels = labels | {item.key: item.label for item in criteria()}
    return cast(dict[str, str], g.criterion_labels)
