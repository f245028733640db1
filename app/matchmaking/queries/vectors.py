"""Reading stored vectors, and the revision of the index."""

import zlib
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
import structlog

from app.core.db import db
from app.matchmaking.enums import PassageOf
from app.matchmaking.models import Embedding, IndexChange
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.offers.enums import OfferStatus
from app.offers.models import Offer

log = structlog.get_logger()
IDS_A_QUERY = 500


class StoredPassage(NamedTuple):
    position: int
    text_hash: str
    vector: bytes


def vector_checksum(vector: bytes) -> str:
    return f"{zlib.crc32(vector):08x}"


def changes_after(revision: int) -> Sequence[IndexChange]:
    return db.session.scalars(
        sa.select(IndexChange).where(IndexChange.id > revision).order_by(IndexChange.id)
    ).all()


def current_revision() -> int:
    return db.session.scalar(sa.select(sa.func.max(IndexChange.id))) or 0


def published_offer_ids() -> Sequence[int]:
    return db.session.scalars(
        sa.select(Offer.id).where(Offer.status == OfferStatus.PUBLISHED).order_by(Offer.id)
    ).all()


def published_need_ids() -> Sequence[int]:
    return db.session.scalars(
        sa.select(Need.id).where(Need.status == NeedStatus.PUBLISHED).order_by(Need.id)
    ).all()


def published_need_checksums(fingerprint: str) -> dict[int, str]:
    """Each published need that `fingerprint` encoded, with what tells its vector from another."""
    query = (
        sa.select(Embedding.subject_id, Embedding.text_hash, Embedding.checksum)
        .join(Need, Need.id == Embedding.subject_id)
        .where(Embedding.subject == PassageOf.NEED, Embedding.fingerprint == fingerprint)
        .where(Embedding.position == 0, Need.status == NeedStatus.PUBLISHED)
    )
    return {row.subject_id: f"{row.text_hash}{row.checksum}" for row in db.session.execute(query)}


def stored_passages(
    subject: PassageOf, ids: Collection[int], fingerprint: str
) -> dict[int, list[StoredPassage]]:
    """Passages encoded by `fingerprint`, by subject and position; a subject without any is absent, and so is
    one of which a vector is damaged: it is encoded again like a new one."""
    found, damaged = read_passages(subject, ids, fingerprint)
    if damaged:
        log.warning("damaged vectors left out", subject=subject.value, ids=sorted(damaged))
    return found


def read_passages(
    subject: PassageOf, ids: Collection[int], fingerprint: str
) -> tuple[dict[int, list[StoredPassage]], set[int]]:
    """The same, and the subjects of which a vector is damaged."""
    found: dict[int, list[StoredPassage]] = {}
    damaged: set[int] = set()
    for some in batched(sorted(ids), IDS_A_QUERY):
        query = (
            sa.select(
                Embedding.subject_id,
                Embedding.position,
                Embedding.text_hash,
                Embedding.vector,
                Embedding.checksum,
            )
            .where(
                Embedding.subject == subject,
                Embedding.fingerprint == fingerprint,
                Embedding.subject_id.in_(some),
            )
            .order_by(Embedding.subject_id, Embedding.position)
        )
        for subject_id, position, text_hash, vector, checksum in db.session.execute(query):
            if vector_checksum(vector) != checksum:
                damaged.add(subject_id)
            found.setdefault(subject_id, []).append(StoredPassage(position, text_hash, vector))
    return {key: passages for key, passages in found.items() if key not in damaged}, damaged


def count_unread_offers(*, before: datetime) -> int:
    """Published offers that changed before that moment and have no vector at all."""
    of_offer = sa.and_(Embedding.subject == PassageOf.OFFER, Embedding.subject_id == Offer.id)
    query = sa.select(sa.func.count(Offer.id)).where(
        Offer.status == OfferStatus.PUBLISHED,
        Offer.updated_at < before,
        ~sa.exists().where(of_offer),
    )
    return db.session.scalar(query) or 0


def batched(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Slices of at most `size`: a query takes a limited number of parameters."""
    return (ids[start : start + size] for start in range(0, len(ids), size))
