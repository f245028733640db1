"""What waits for a moderator: new organisations, first offers, needs, and names that look alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.enums import Standing
from app.accounts.models import IdentityChange, JoinRequest, Membership, Organisation, User
from app.accounts.queries.belonging import waiting_joins
from app.accounts.queries.identity import waiting_identities
from app.accounts.queries.standing import duplicates_of
from app.core.db import db
from app.core.errors import NotFound
from app.core.folded import matching_words
from app.moderation.enums import SubjectKind
from app.needs.models import Need
from app.offers.models import Offer, OfferVersion
from app.offers.queries.corrections import waiting_corrections
from app.permissions import Actor, Permission, require_visible

Subject = Organisation | Offer | Need | User
MODELS: dict[SubjectKind, type[Organisation] | type[Offer] | type[Need] | type[User]] = {
    SubjectKind.ORGANISATION: Organisation,
    SubjectKind.OFFER: Offer,
    SubjectKind.NEED: Need,
    SubjectKind.ACCOUNT: User,
}


@dataclass(frozen=True, slots=True)
class Queue:
    """Oldest first; `duplicates` are the checked organisations that share a folded name."""

    organisations: Sequence[Organisation]
    offers: Sequence[Offer]
    needs: Sequence[Need]
    duplicates: Sequence[Organisation]
    joins: Sequence[JoinRequest]
    identities: Sequence[IdentityChange]
    corrections: Sequence[tuple[OfferVersion, Offer]]


def queue_of(actor: Actor, *, size: int = 50) -> Queue:
    require_visible(actor, Permission.SUBJECT_MODERATE)
    waiting = Organisation.standing == Standing.WAITING
    organisations = sa.select(Organisation).where(waiting).order_by(Organisation.created_at, Organisation.id)
    offers = (
        sa.select(Offer)
        .where(Offer.standing == Standing.WAITING)
        .options(joinedload(Offer.organisation))
        .order_by(Offer.updated_at, Offer.id)
    )
    needs = (
        sa.select(Need)
        .where(Need.standing == Standing.WAITING)
        .options(joinedload(Need.organisation))
        .order_by(Need.updated_at, Need.id)
    )
    twins = sa.select(Organisation.name_key).group_by(Organisation.name_key).having(sa.func.count() > 1)
    duplicates = (
        sa.select(Organisation)
        .where(Organisation.name_key.in_(twins), Organisation.standing != Standing.DELISTED)
        .order_by(Organisation.name_key, Organisation.id)
    )
    return Queue(
        db.session.scalars(organisations.limit(size)).all(),
        db.session.scalars(offers.limit(size)).all(),
        db.session.scalars(needs.limit(size)).all(),
        db.session.scalars(duplicates.limit(size)).all(),
        db.session.scalars(waiting_joins().limit(size)).all(),
        db.session.scalars(waiting_identities().limit(size)).all(),
        waiting_corrections(size),
    )


def get_subject(actor: Actor, kind: SubjectKind, subject_id: int) -> Subject:
    require_visible(actor, Permission.SUBJECT_MODERATE)
    found = cast(Subject | None, db.session.get(MODELS[kind], subject_id))
    if found is None:
        raise NotFound
    return found


def people_of(organisation: Organisation) -> Sequence[Membership]:
    query = sa.select(Membership).where(Membership.organisation_id == organisation.id)
    return db.session.scalars(query.options(joinedload(Membership.user)).order_by(Membership.id)).all()


def accounts_named(actor: Actor, text: str, *, size: int = 20) -> Sequence[User]:
    """Accounts whose name or address holds the folded words."""
    require_visible(actor, Permission.SUBJECT_MODERATE)
    query = sa.select(User).where(*matching_words(User.search_text, text)).order_by(User.id.desc())
    loaded = query.options(selectinload(User.memberships).joinedload(Membership.organisation))
    return db.session.scalars(loaded.limit(size)).all()


def owner_of(subject: Subject) -> Organisation | None:
    if isinstance(subject, Offer | Need):
        return subject.organisation
    return subject if isinstance(subject, Organisation) else None


def twins_of(subject: Subject) -> Sequence[Organisation]:
    owner = owner_of(subject)
    return duplicates_of(owner) if owner is not None else ()
