"""Published offers reduced to what facets and sorting need: five queries, however many offers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.accounts.models import Organisation
from app.claims.engine import met_criteria
from app.claims.models import Claim, Subject
from app.claims.queries import turns_between
from app.core.db import db
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer, offer_category
from app.reference.queries import criteria

# The circular's order: what the State already shares, then the market, then what one can build upon.
SHELVES = {OfferKind.MUTUALISED: 0, OfferKind.MARKET: 1, OfferKind.FREE_SOFTWARE: 2}
FEW = 500
"""Offers that are named one by one in a query; beyond, the whole tables are read."""


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One published offer. `shelf` is the rank of its kind; `single` and `several` say, for each group of
    facets, the option it has ("" for none) or those it has."""

    id: int
    name_key: str
    shelf: int
    published_at: float
    single: Mapping[str, str]
    several: Mapping[str, frozenset[str]]


def offer_rows(day: date, ids: Collection[int] | None = None) -> list[OfferRow]:
    """The published offers, or those among `ids`, with the criteria they meet on `day`."""
    named = ids is not None and len(ids) <= FEW
    query = sa.select(
        Offer.id, Offer.name_key, Offer.kind, Offer.licence, Offer.published_at,
        Offer.organisation_id, Organisation.country,
    ).outerjoin(Offer.organisation).where(Offer.status == OfferStatus.PUBLISHED)  # fmt: skip
    found = db.session.execute(query.where(Offer.id.in_(ids or ())) if named else query).all()
    rows = [row for row in found if ids is None or row.id in ids]
    divisions = _divisions([row.id for row in rows] if named else None)
    subjects = [Subject(row.id, row.organisation_id, row.kind.value) for row in rows]
    met = met_criteria(subjects, criteria(), day)
    return [
        OfferRow(
            id=row.id,
            name_key=row.name_key,
            shelf=SHELVES[row.kind],
            published_at=row.published_at.timestamp(),
            single={"kinds": row.kind.value, "countries": row.country or "", "licences": row.licence or ""},
            several={
                "divisions": divisions.get(row.id, frozenset()),
                "declared": met[row.id][0],
                "verified": met[row.id][1],
            },
        )
        for row in rows
    ]


def turning_between(first: date, last: date) -> set[int]:
    """Offers about which, or about whose company, a claim begins or ends between two days."""
    turns = turns_between(first, last)
    query = sa.select(Offer.id).where(
        sa.or_(
            Offer.id.in_(sa.select(Claim.offer_id).where(turns)),
            Offer.organisation_id.in_(
                sa.select(Claim.organisation_id).where(turns, Claim.offer_id.is_(None))
            ),
        )
    )
    return set(db.session.scalars(query))


def _divisions(ids: Sequence[int] | None) -> dict[int, frozenset[str]]:
    columns = offer_category.c
    query = sa.select(columns.offer_id, columns.category_code)
    found: dict[int, set[str]] = {}
    for offer_id, code in db.session.execute(
        query if ids is None else query.where(columns.offer_id.in_(ids))
    ):
        found.setdefault(offer_id, set()).add(code[:2])
    return {offer_id: frozenset(held) for offer_id, held in found.items()}
