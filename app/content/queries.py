"""Reading versions and drafts."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.content.models import DraftRow, Identity, Revised, VersionRow
from app.content.spec import Content, Record, Spec
from app.core.db import db
from app.core.errors import NotFound

Versions = Sequence[VersionRow]


def get_version(spec: Spec[Any], thing: Identity, number: int) -> VersionRow:
    """One version of a thing, or NotFound."""
    found = find_version(spec, thing, number)
    if found is None:
        raise NotFound
    return found


def find_version(spec: Spec[Any], thing: Identity, number: int) -> VersionRow | None:
    if not 0 < number <= thing.version:
        return None
    return db.session.get(spec.versions, {"thing_id": thing.id, "number": number})


def versions_of(spec: Spec[Any], thing: Identity, *, before: int | None = None, limit: int = 20) -> Versions:
    """Newest first, from the one that precedes `before` on."""
    row = spec.versions
    query = sa.select(row).where(row.thing_id == thing.id).options(joinedload(row.author))
    if before is not None:
        query = query.where(row.number < before)
    return db.session.scalars(query.order_by(row.number.desc()).limit(limit)).all()


def find_draft(spec: Record[Any], thing: Revised) -> DraftRow | None:
    """What is being written beside the published version, if anything is."""
    return db.session.get(spec.drafts, cast(Identity, thing).id) if isinstance(spec, Spec) else None


def working_content(spec: Record[Any], thing: Revised) -> Content:
    """What an editor goes on from: the draft, else the content of the columns."""
    draft = find_draft(spec, thing)
    return spec.known(draft.content) if draft is not None else spec.content_of(thing)


def drafts_among(spec: Spec[Any], ids: Iterable[int]) -> set[int]:
    """Those of these things that are being written beside their published version."""
    row = spec.drafts
    return set(db.session.scalars(sa.select(row.thing_id).where(row.thing_id.in_(list(ids)))))
