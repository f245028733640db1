"""Reading claims: those of offers and organisations, and the one to decide."""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Organisation
from app.claims.enums import ClaimStatus, ContestStatus
from app.claims.models import Claim, Contest, Subject
from app.core.db import db
from app.core.errors import NotFound
from app.permissions import Actor, OwnedBy, Permission, can
from app.reference.models import Criterion

IDS_A_QUERY = 500


def may_write(actor: Actor, organisation_id: int | None) -> bool:
    """An organisation's people write what is claimed of it and its offers; the rest comes with an import."""
    of_organisation = can(actor, Permission.CLAIM_CREATE, on=OwnedBy(organisation_id))
    return of_organisation or can(actor, Permission.IMPORT_RUN)


def get_claim_to_edit(actor: Actor, claim_id: int) -> Claim:
    """A claim the actor may write about, or NotFound."""
    options = (joinedload(Claim.organisation), joinedload(Claim.attribute))
    claim = db.session.get(Claim, claim_id, options=options)
    if claim is None or not may_write(actor, claim.organisation_id):
        raise NotFound
    return claim


def subject_of_organisation(organisation: Organisation) -> Subject:
    """The organisation as a whole, as the ledger knows it."""
    return Subject(None, organisation.id)


def claims_about_organisation(organisation: Organisation) -> Sequence[Claim]:
    """Claims about the company itself."""
    return claims_where(about((), [organisation.id]), with_evidence=True)


def standing_claims(claim: Claim) -> Sequence[Claim]:
    """Other claims on the same attribute that count for the same offer, findings included: those of the offer
    and of its company; of a whole company, those of all its offers too."""
    same: sa.ColumnElement[bool] = Claim.organisation_id == claim.organisation_id
    if claim.offer_id is not None:
        whole = sa.and_(Claim.offer_id.is_(None), same)
        same = sa.or_(Claim.offer_id == claim.offer_id, whole)
    query = sa.select(Claim).where(
        same, Claim.attribute_key == claim.attribute.key, Claim.status != ClaimStatus.WITHDRAWN
    )
    if claim.id is not None:
        query = query.where(Claim.id != claim.id)
    with db.session.no_autoflush:  # a claim being made is not one of the others
        return db.session.scalars(query.order_by(Claim.id)).all()


def claims_by_id(ids: Iterable[int]) -> dict[int, Claim]:
    """Those of these numbers, in as many queries as it takes to name them all."""
    wanted, found = sorted(ids), dict[int, Claim]()
    for start in range(0, len(wanted), IDS_A_QUERY):
        query = (
            sa.select(Claim)
            .options(selectinload(Claim.pieces))
            .where(Claim.id.in_(wanted[start : start + IDS_A_QUERY]))
        )
        found |= {claim.id: claim for claim in db.session.scalars(query)}
    return found


def turns_between(first: date, last: date) -> sa.ColumnElement[bool]:
    """Claims that begin or cease to hold after `first` and on `last` at the latest: what was known of them on
    `first` is not what is known on `last`."""
    return sa.or_(
        sa.and_(Claim.valid_from > first, Claim.valid_from <= last),
        sa.and_(Claim.valid_until >= first, Claim.valid_until < last),
    )


def any_turns_between(first: date, last: date) -> bool:
    """Whether any claim does, whichever of the two days comes first."""
    query = sa.select(Claim.id).where(turns_between(*sorted((first, last)))).limit(1)
    return db.session.scalars(query).first() is not None


def count_open_contests() -> int:
    """How many wait for a decision."""
    query = sa.select(sa.func.count(Contest.id)).where(Contest.status == ContestStatus.OPEN)
    return db.session.scalar(query) or 0


def about(offer_ids: Iterable[int], owner_ids: Iterable[int | None]) -> sa.ColumnElement[bool]:
    """Claims that speak of one of these offers, or of one of these organisations as a whole."""
    whole = sa.and_(Claim.offer_id.is_(None), Claim.organisation_id.in_(list(owner_ids)))
    return sa.or_(Claim.offer_id.in_(list(offer_ids)), whole)


def claims_where(condition: sa.ColumnElement[bool], *, with_evidence: bool = False) -> Sequence[Claim]:
    """With their attribute, in the order of the criteria, newest first, in one query; two more with their
    evidence and what contests them."""
    position = (
        sa.select(sa.func.min(Criterion.position))
        .where(Criterion.attribute_key == Claim.attribute_key)
        .scalar_subquery()
    )
    query = sa.select(Claim).options(joinedload(Claim.attribute)).where(condition)
    if with_evidence:
        query = query.options(selectinload(Claim.pieces), selectinload(Claim.contests))
    return db.session.scalars(query.order_by(position, Claim.attribute_key, Claim.id.desc())).all()
