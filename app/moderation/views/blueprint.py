"""What the pages of moderation share: their blueprint, their words, their page numbers."""

from math import ceil

from flask import Blueprint, request

from app.moderation.forms import words
from app.reference.queries import criteria

blueprint = Blueprint("moderation", __name__)


@blueprint.context_processor
def _words() -> dict[str, object]:
    labels = {item.key: item.label for item in criteria()}
    return {"moderation_words": words, "criterion_labels": labels}


def page_asked(total: int, size: int) -> tuple[int, int, int]:
    """(page asked for, number of pages, rows before it)."""
    pages = max(1, ceil(total / size))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return page, pages, (page - 1) * size
