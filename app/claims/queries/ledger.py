"""Reading claims: those of offers and organisations, and the one to decide."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Organisation
from app.claims.models import Claim, Subject
from app.core.db import db
from app.core.errors import NotFound
from app.permissions import Actor, OwnedBy, Permission, can
from app.reference.models import Criterion


def may_write(actor: Actor, organisation_id: int | None) -> bool:
    """An organisation's people write what is claimed of it and its offers; the rest comes with an import."""
    of_organisation = can(actor, Permission.CLAIM_CREATE, on=OwnedBy(organisation_id))
    return of_organisation or can(actor, Permission.IMPORT_RUN)


def get_claim_to_edit(actor: Actor, claim_id: int) -> Claim:
    """A claim the actor may write about, or NotFound."""
    options = (joinedload(Claim.organisation), joinedload(Claim.criterion))
    claim = db.session.get(Claim, claim_id, options=options)
    if claim is None or not may_write(actor, claim.organisation_id):
        raise NotFound
    return claim


def subject_of_organisation(organisation: Organisation) -> Subject:
    """The organisation as a whole, as the ledger knows it."""
    return Subject(None, organisation.id)


def claims_about_organisation(organisation: Organisation) -> Sequence[Claim]:
    """Claims about the company itself."""
    return claims_where(about((), [organisation.id]))


def about(offer_ids: Iterable[int], owner_ids: Iterable[int | None]) -> sa.ColumnElement[bool]:
    """Claims that speak of one of these offers, or of one of these organisations as a whole."""
    whole = sa.and_(Claim.offer_id.is_(None), Claim.organisation_id.in_(list(owner_ids)))
    return sa.or_(Claim.offer_id.in_(list(offer_ids)), whole)


def claims_where(condition: sa.ColumnElement[bool]) -> Sequence[Claim]:
    """With their criterion, in the order of the criteria, newest first, in one query."""
    query = (
        sa.select(Claim)
        .join(Claim.criterion)
        .options(contains_eager(Claim.criterion))
        .where(condition)
        .order_by(Criterion.position, Criterion.key, Claim.id.desc())
    )
    return db.session.scalars(query).all()
