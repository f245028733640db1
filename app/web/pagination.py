"""The one paginator: which part of a list an address asks for, and the links to the others.

A list in memory has numbered pages; a list of the database, however long, has a previous and a next part."""

from dataclasses import dataclass
from typing import Any

from flask import request

from app.core.paging import Asked, Part
from app.web.templating import query_with

AROUND = 2
"""Numbered pages shown on each side of the present one."""
LARGEST = 2**31 - 1  # what an identifier of the database holds
AFTER, BEFORE = "apres", "avant"


@dataclass(frozen=True, slots=True)
class Pager:
    """Addresses of the neighbouring parts, "" where there is none. `numbers`: (page, address), the address
    empty for the present page, None for a gap."""

    previous: str
    next: str
    numbers: tuple[tuple[int, str] | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Numbered:
    """The rows of a page as a slice, and the links to the others."""

    rows: slice
    pager: Pager


def page_of(total: int, size: int) -> Numbered:
    """The page asked for among `total` rows: the last one beyond the end, the first for what is no number."""
    pages = max(1, -(-total // size))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = sorted({1, pages, *range(max(page - AROUND, 1), min(page + AROUND, pages) + 1)})
    numbers: list[tuple[int, str] | None] = []
    for number in shown:
        if numbers and number - 1 not in shown:
            numbers.append(None)
        numbers.append((number, "" if number == page else query_with(page=number)))
    pager = Pager(
        query_with(page=page - 1) if page > 1 else "",
        query_with(page=page + 1) if page < pages else "",
        tuple(numbers) if pages > 1 else (),
    )
    return Numbered(slice((page - 1) * size, page * size), pager)


def part_asked() -> Asked:
    """The part an address asks for; what is no identifier asks for the first one."""
    return Asked(_identifier(AFTER), _identifier(BEFORE))


def pager_of(part: Part[Any]) -> Pager:
    """Links to the parts around this one."""
    return Pager(
        query_with(**{BEFORE: part.previous, AFTER: None}) if part.previous else "",
        query_with(**{AFTER: part.next, BEFORE: None}) if part.next else "",
    )


def _identifier(name: str) -> int | None:
    asked = request.args.get(name, type=int)
    return asked if asked is not None and 0 < asked <= LARGEST else None
