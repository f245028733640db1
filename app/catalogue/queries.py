"""Reading the catalogue: which offers pass the facets, how many each facet would leave, in which order."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from app.accounts.enums import OrganisationKind
from app.accounts.models import Organisation
from app.claims.queries import decide, light_facts
from app.core.db import db
from app.core.folded import matching_words
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer, offer_category
from app.offers.queries import published_offers
from app.reference.models import Criterion
from app.reference.queries import criteria

# The circular's order: what the State already shares, then the market, then what one can build upon.
KIND_ORDER = {OfferKind.MUTUALISED: 0, OfferKind.MARKET: 1, OfferKind.FREE_SOFTWARE: 2}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader asked for. Within `kinds`, `divisions`, `countries` and `licences` one suffices;
    every one of `declared` and `verified` (criteria) must hold."""

    kinds: frozenset[str] = frozenset()
    divisions: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    licences: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    verified: frozenset[str] = frozenset()
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One published offer, reduced to what facets and sorting need."""

    id: int
    name_key: str
    kind: OfferKind
    country: str
    licence: str
    published_at: datetime
    divisions: frozenset[str]
    declared: frozenset[str]
    verified: frozenset[str]


@dataclass(frozen=True, slots=True)
class Selection:
    """Identifiers in order, and for each facet how many offers each of its options would leave."""

    ids: list[int]
    counts: dict[str, Counter[str]]


def entries(day: date) -> list[Entry]:
    """The whole published catalogue, in four queries whatever its size."""
    columns = (
        Offer.id,
        Offer.name_key,
        Offer.kind,
        Offer.licence,
        Offer.published_at,
        Offer.organisation_id,
        Organisation.country,
    )
    query = sa.select(*columns).outerjoin(Offer.organisation).where(Offer.status == OfferStatus.PUBLISHED)
    rows = db.session.execute(query).all()
    divisions = _divisions()
    met = _met_criteria({row.id: row.organisation_id for row in rows}, criteria(), day)
    return [
        Entry(
            id=row.id,
            name_key=row.name_key,
            kind=row.kind,
            country=row.country or "",
            licence=row.licence or "",
            published_at=row.published_at,
            divisions=frozenset(divisions.get(row.id, ())),
            declared=met[row.id][0],
            verified=met[row.id][1],
        )
        for row in rows
    ]


def _divisions() -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    columns = offer_category.c
    for offer_id, code in db.session.execute(sa.select(columns.offer_id, columns.category_code)):
        found.setdefault(offer_id, set()).add(code[:2])
    return found


def _met_criteria(
    owners: Mapping[int, int | None], known: Sequence[Criterion], day: date
) -> dict[int, tuple[frozenset[str], frozenset[str]]]:
    """Offer -> criteria met at least by declaration, criteria met and verified; implications included."""
    impliers = {criterion.key: criterion.implied_by for criterion in known}
    met = {}
    for offer_id, facts in light_facts(owners, day).items():
        declared, verified = set(), set()
        for key in impliers:
            source = decide(key, facts, impliers)
            if source and facts[source][0]:
                declared.add(key)
                if facts[source][1] == "verified":
                    verified.add(key)
        met[offer_id] = frozenset(declared), frozenset(verified)
    return met


def select_entries(
    catalogue: Iterable[Entry], choice: Choice, ranks: Mapping[int, int] | None = None
) -> Selection:
    """Apply the facets. `ranks` (offer -> position) restricts to what a search found, in its order."""
    found = [entry for entry in catalogue if ranks is None or entry.id in ranks]
    tests = _tests(choice)
    passing = [(entry, {name for name, test in tests.items() if not test(entry)}) for entry in found]
    counts = {name: Counter[str]() for name in tests}
    for entry, failed in passing:
        for name in tests:
            if not failed or (failed == {name} and name not in {"declared", "verified"}):
                counts[name].update(_options(entry, name))
    kept = [entry for entry, failed in passing if not failed]
    return Selection([entry.id for entry in _sorted(kept, choice.sort, ranks)], counts)


def _tests(choice: Choice) -> dict[str, Callable[[Entry], bool]]:
    return {
        "kinds": lambda entry: not choice.kinds or entry.kind.value in choice.kinds,
        "divisions": lambda entry: not choice.divisions or bool(entry.divisions & choice.divisions),
        "countries": lambda entry: not choice.countries or entry.country in choice.countries,
        "licences": lambda entry: not choice.licences or entry.licence in choice.licences,
        "declared": lambda entry: choice.declared <= entry.declared,
        "verified": lambda entry: choice.verified <= entry.verified,
    }


def _options(entry: Entry, name: str) -> Iterable[str]:
    single = {"kinds": entry.kind.value, "countries": entry.country, "licences": entry.licence}
    if name in single:
        return [single[name]] if single[name] else []
    several: frozenset[str] = getattr(entry, name)
    return several


def _sorted(kept: list[Entry], sort: str, ranks: Mapping[int, int] | None) -> list[Entry]:
    if sort == "nom":
        return sorted(kept, key=lambda entry: (entry.name_key, entry.id))
    if sort == "recent":
        return sorted(kept, key=lambda entry: (-entry.published_at.timestamp(), entry.id))
    if ranks is not None:
        return sorted(kept, key=lambda entry: ranks[entry.id])
    return sorted(kept, key=lambda entry: (KIND_ORDER[entry.kind], entry.name_key, entry.id))


def offers_in_order(ids: Sequence[int]) -> list[Offer]:
    """One page of offers, loaded together."""
    found = {offer.id: offer for offer in published_offers(ids)}
    return [found[offer_id] for offer_id in ids if offer_id in found]


def mutualised_offers() -> Sequence[Offer]:
    """Solutions the State shares: first those of La Suite by circle, then the others, by name."""
    query = (
        sa.select(Offer)
        .where(Offer.kind == OfferKind.MUTUALISED, Offer.status == OfferStatus.PUBLISHED)
        .options(sa.orm.joinedload(Offer.organisation))
        .order_by(Offer.circle.is_(None), Offer.circle, Offer.name_key, Offer.id)
    )
    return db.session.scalars(query).all()


def vendors(*, text: str = "", limit: int, offset: int = 0) -> Sequence[tuple[Organisation, int]]:
    """Companies by name, with how many offers each publishes."""
    count = (
        sa.select(sa.func.count(Offer.id))
        .where(Offer.organisation_id == Organisation.id, Offer.status == OfferStatus.PUBLISHED)
        .scalar_subquery()
    )
    query = sa.select(Organisation, count).where(*_vendors_named(text))
    rows = db.session.execute(
        query.order_by(Organisation.name_key, Organisation.id).limit(limit).offset(offset)
    )
    return [(organisation, offers) for organisation, offers in rows]


def count_vendors(*, text: str = "") -> int:
    return db.session.scalar(sa.select(sa.func.count(Organisation.id)).where(*_vendors_named(text))) or 0


def _vendors_named(text: str) -> list[sa.ColumnElement[bool]]:
    return [Organisation.kind == OrganisationKind.VENDOR, *matching_words(Organisation.search_text, text)]
