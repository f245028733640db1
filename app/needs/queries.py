"""Reading needs, as the reader may see them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.core.db import db
from app.core.errors import NotFound
from app.core.folded import matching_words
from app.core.paging import FIRST, Asked, Part, part_of
from app.needs.enums import Audience, NeedStatus, hidden_from
from app.needs.models import Need, NeedRequirement
from app.needs.signals import concern_asked
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


def audience_of(actor: Actor, need: Need) -> Audience:
    """What kind of reader of this need the actor is. A vendor is concerned once one of its offers is proposed
    for the need, selected, or asked to a meeting about it."""
    if can(actor, Permission.NEED_EDIT, on=need) or can(actor, Permission.NEED_READ_DRAFT, on=need):
        return Audience.TEAM
    if actor.organisations(Role.AMBASSADOR):
        return Audience.ADMINISTRATIONS
    vendors = actor.organisations(Role.VENDOR)
    asked = concern_asked.send(need.id, organisations=vendors) if vendors else ()
    return Audience.VENDORS if any(concerns for _receiver, concerns in asked) else Audience.PUBLIC


def hidden_fields(actor: Actor, need: Need, contents: Sequence[Mapping[str, Any]] = ()) -> frozenset[str]:
    """What of the need, and of these versions of it, its administration keeps from the actor."""
    settings = [content.get("audiences") or {} for content in contents]
    return hidden_from(audience_of(actor, need), [need.audiences, *settings])


def public_needs(*, text: str = "", category: str = "", asked: Asked = FIRST, size: int = 20) -> Part[Need]:
    """Published needs, newest first; `category` is the beginning of a CPV code."""
    query = _public(text, category).options(*_WHOLE)
    return part_of(query, Need.published_at, Need.id, asked=asked, size=size, descending=True)


def published_needs(ids: Collection[int] | None = None) -> Sequence[Need]:
    """Every published need, or those among `ids`, by identifier."""
    query = sa.select(Need).where(Need.status == NeedStatus.PUBLISHED).options(*_WHOLE).order_by(Need.id)
    if ids is not None:
        query = query.where(Need.id.in_(ids))
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
