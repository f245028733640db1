"""What the pages of moderation share: their blueprint and their words."""

from flask import Blueprint

from app.moderation import presenters as words
from app.reference.queries import attributes, criteria

blueprint = Blueprint("moderation", __name__)


@blueprint.context_processor
def _words() -> dict[str, object]:
    labels = {item.key: item.label for item in attributes()} | {item.key: item.label for item in criteria()}
    return {"moderation_words": words, "criterion_labels": labels}
