"""Pages everyone reads to find an offer: catalogue, solutions the State shares, vendors."""

from flask import Blueprint, render_template, request

from app.catalogue.engine import Found, catalogue, in_order, kept_from
from app.catalogue.forms import facet_groups, lacking_labels, proofs_of, read_choice
from app.catalogue.queries.lists import mutualised_offers, offers_in_order, vendors
from app.core.clock import today
from app.core.countries import country_name
from app.core.text import cleaned
from app.matchmaking.engine import nearest, search
from app.permissions import Permission
from app.reference.queries import criteria, divisions
from app.web.access import requires
from app.web.pagination import page_of, pager_of, part_asked

blueprint = Blueprint("catalogue", __name__)
PAGE_SIZE = 20
VENDORS_PAGE_SIZE = 50
SEARCH_LIMIT = 100  # a search ranks every offer: beyond, the meaning is too far from the words
SEARCH_LENGTH = 500
CLOSEST_SHOWN = 3


@blueprint.get("/offres")
@requires(Permission.CATALOGUE_READ)
def browse() -> str:
    choice, text = read_choice(request.args), _text()
    known = criteria()
    columns, found = catalogue().on(today(), known), _found(text)
    selection = columns.select(choice, None if found is None else in_order(columns, found))
    passed = kept_from(columns, choice, found or (), selection.ids.tolist())[:CLOSEST_SHOWN]
    closest = {offer.id: offer for offer in offers_in_order([one.offer_id for one in passed])}
    page = page_of(len(selection.ids), PAGE_SIZE)
    offers = offers_in_order(selection.ids[page.rows].tolist())
    offered = [criterion for criterion in known if criterion.retired_at is None]
    return render_template(
        "catalogue/browse.html",
        offers=offers,
        kept_from=[
            (closest[one.offer_id], lacking_labels(one, known)) for one in passed if one.offer_id in closest
        ],
        nearest=offers_in_order(nearest(text)) if found == [] else [],
        proofs=proofs_of(columns.proofs([offer.id for offer in offers]), known),
        groups=facet_groups(choice, selection, criteria=offered, divisions=divisions()),
        total=len(selection.ids),
        text=text,
        sort=choice.sort,
        pager=page.pager,
    )


@blueprint.get("/solutions-mutualisees")
@requires(Permission.CATALOGUE_READ)
def mutualised() -> str:
    return render_template("catalogue/mutualised.html", offers=mutualised_offers())


@blueprint.get("/fournisseurs", endpoint="vendors")
@requires(Permission.CATALOGUE_READ)
def vendor_list() -> str:
    text = _text()
    part = vendors(text=text, asked=part_asked(), size=VENDORS_PAGE_SIZE)
    return render_template(
        "catalogue/vendors.html",
        vendors=[(vendor, country_name(vendor.country), offers) for vendor, offers in part.items],
        total=part.total,
        text=text,
        pager=pager_of(part),
    )


def _text() -> str:
    return cleaned(request.args.get("q", ""))[:SEARCH_LENGTH]


def _found(text: str) -> Found | None:
    """The offers a search found with their scores, best first; None without a text."""
    return search(text, limit=SEARCH_LIMIT) if text else None
