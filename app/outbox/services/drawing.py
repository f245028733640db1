"""Texts that carry a secret: drawn as they leave, so that no table ever holds it."""

from collections.abc import Callable

Draw = Callable[[int], str | None]
"""The text for the row of this number; None when it no longer matters. It commits what it draws."""

_drawn: dict[str, Draw] = {}


def draws(name: str) -> Callable[[Draw], Draw]:
    """Register what draws the texts of the messages whose `drawn_by` is `name`."""

    def register(function: Draw) -> Draw:
        _drawn[name] = function
        return function

    return register


def drawn_text(name: str, row_id: int) -> str | None:
    return _drawn[name](row_id)
