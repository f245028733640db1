"""Whole numbers that come from outside, within what a database column holds."""

from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1


def whole(text: str | None) -> int | None:
    """A number of ASCII digits up to `LARGEST`, or None: neither a crash nor a guess."""
    if text is None or not (text.isascii() and text.isdecimal()) or len(text) > len(str(LARGEST)):
        return None
    number = int(text)
    return number if number <= LARGEST else None


class BoundedInteger(IntegerConverter):
    """An identifier in an address; a larger one is a page that does not exist."""

    def __init__(self, map: Map, **options: object) -> None:
        super().__init__(map, **{"max": LARGEST, **options})  # type: ignore[arg-type]  # its options are numbers
