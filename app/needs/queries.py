"""Reading needs, as the reader may see them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.core.db import db
from app.core.errors import NotFound
from app.core.folded import matching_words
from app.core.paging import FIRST, Asked, Part, part_of
from app.needs.enums import NeedStatus
from app.needs.models import Need, NeedRequirement
from app.permissions import Actor, Permission, Role, can

_WHOLE = (
    joinedload(Need.organisation),
    selectinload(Need.categories),
    selectinload(Need.requirements).joinedload(NeedRequirement.criterion),
)


def get_need(actor: Actor, need_id: int) -> Need:
    """A need the actor may see: published or closed for everyone, a draft for its own administration."""
    need = db.session.get(Need, need_id, options=_WHOLE)
    if need is None or (
        need.status is NeedStatus.DRAFT and not can(actor, Permission.NEED_READ_DRAFT, on=need)
    ):
        raise NotFound
    return need


def public_needs(*, text: str = "", category: str = "", asked: Asked = FIRST, size: int = 20) -> Part[Need]:
    """Published needs, newest first; `category` is the beginning of a CPV code."""
    query = _public(text, category).options(*_WHOLE)
    return part_of(query, Need.published_at, Need.id, asked=asked, size=size, descending=True)


def published_needs() -> Sequence[Need]:
    """Every published need, by identifier."""
    query = sa.select(Need).where(Need.status == NeedStatus.PUBLISHED).options(*_WHOLE).order_by(Need.id)
    return db.session.scalars(query).all()


def _public(text: str, category: str) -> sa.Select[Need]:
    found = matching_words(Need.search_text, text)
    query = sa.select(Need).where(Need.status == NeedStatus.PUBLISHED, *found)
    if category:
        query = query.where(
            Need.categories.any(sa.text("code LIKE :prefix").bindparams(prefix=f"{category}%"))
        )
    return query


def needs_of(actor: Actor) -> Sequence[Need]:
    """Every need of the administrations the actor is an ambassador of: drafts, published, then closed."""
    order = sa.case({NeedStatus.DRAFT: 0, NeedStatus.PUBLISHED: 1}, value=Need.status, else_=2)
    query = (
        sa.select(Need)
        .where(Need.organisation_id.in_(actor.organisations(Role.AMBASSADOR)))
        .options(*_WHOLE)
        .order_by(order, Need.updated_at.desc(), Need.id.desc())
    )
    return db.session.scalars(query).all()


def find_need_by_import_key(import_key: str) -> Need | None:
    return db.session.scalars(sa.select(Need).where(Need.import_key == import_key)).one_or_none()
