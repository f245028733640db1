"""Pages everyone reads to find an offer: catalogue, solutions the State shares, vendors."""

from flask import Blueprint, render_template, request

from app.catalogue.forms import facet_groups, read_choice
from app.catalogue.queries import (
    count_vendors,
    entries,
    mutualised_offers,
    offers_in_order,
    select_entries,
    vendors,
)
from app.core.clock import today
from app.core.countries import country_name
from app.matchmaking.engine import search
from app.offers.queries import answers_of
from app.permissions import Permission
from app.reference.queries import criteria, divisions
from app.web.access import requires

blueprint = Blueprint("catalogue", __name__)
PAGE_SIZE = 20
VENDORS_PAGE_SIZE = 50
SEARCH_LIMIT = 100  # a search ranks every offer: beyond, the meaning is too far from the words
SEARCH_LENGTH = 500


@blueprint.get("/offres")
@requires(Permission.CATALOGUE_READ)
def browse() -> str:
    choice, text = read_choice(request.args), _text()
    selection = select_entries(entries(today()), choice, _ranks(text))
    page, pages, shown = _page_of(len(selection.ids), PAGE_SIZE)
    offers, known = offers_in_order(selection.ids[shown]), criteria()
    offered = [criterion for criterion in known if criterion.retired_at is None]
    return render_template(
        "catalogue/browse.html",
        offers=offers,
        answers=answers_of(offers, known, today()),
        groups=facet_groups(choice, selection, criteria=offered, divisions=divisions()),
        total=len(selection.ids),
        text=text,
        sort=choice.sort,
        page=page,
        pages=pages,
    )


@blueprint.get("/solutions-mutualisees")
@requires(Permission.CATALOGUE_READ)
def mutualised() -> str:
    return render_template("catalogue/mutualised.html", offers=mutualised_offers())


@blueprint.get("/fournisseurs", endpoint="vendors")
@requires(Permission.CATALOGUE_READ)
def vendor_list() -> str:
    text = _text()
    total = count_vendors(text=text)
    page, pages, shown = _page_of(total, VENDORS_PAGE_SIZE)
    found = vendors(text=text, limit=VENDORS_PAGE_SIZE, offset=shown.start)
    return render_template(
        "catalogue/vendors.html",
        vendors=[(vendor, country_name(vendor.country), offers) for vendor, offers in found],
        total=total,
        text=text,
        page=page,
        pages=pages,
    )


def _text() -> str:
    return request.args.get("q", "").replace("\0", "").strip()[:SEARCH_LENGTH]


def _ranks(text: str) -> dict[int, int] | None:
    """Position of each offer a search found; None without a text."""
    if not text:
        return None
    return {offer_id: rank for rank, (offer_id, _score) in enumerate(search(text, limit=SEARCH_LIMIT))}


def _page_of(total: int, size: int) -> tuple[int, int, slice]:
    """Page asked for (within bounds), number of pages, and the rows it shows."""
    pages = max(1, -(-total // size))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return page, pages, slice((page - 1) * size, page * size)
