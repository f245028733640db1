"""Keeping vectors in step with the texts: unchanged text is never encoded twice."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

import sqlalchemy as sa

from app.core.db import db
from app.matchmaking.engine import (
    Text,
    Vectors,
    encode_offers,
    engine,
    need_texts,
    offer_texts,
    pack,
    text_hash,
)
from app.matchmaking.enums import PassageOf
from app.matchmaking.models import Embedding, IndexChange
from app.matchmaking.queries import published_need_ids, published_offer_ids, stored_passages
from app.needs.models import Need


def note_offer_change(offer_id: int) -> None:
    """Tell every process that an offer, or what is known of it, has changed."""
    db.session.add(IndexChange(offer_id=offer_id))


def index_offers(ids: Collection[int]) -> int:
    """Encode what is new in the texts of these offers, announce them; answers how many texts were encoded."""
    encoded = _store(PassageOf.OFFER, offer_texts(ids), partial(encode_offers, engine().encoder))
    db.session.add_all(IndexChange(offer_id=offer_id) for offer_id in ids)
    return encoded


def index_needs(ids: Collection[int]) -> int:
    """Encode the needs whose text is new, and announce that the mean of needs has moved."""
    needs = [need for need_id in ids if (need := db.session.get(Need, need_id)) is not None]
    encoded = _store(PassageOf.NEED, need_texts(needs), engine().encoder.encode_queries)
    if encoded:
        db.session.add(IndexChange(offer_id=None))
    return encoded


def reindex_all() -> dict[str, int]:
    """Bring every vector up to date (a new encoder re-encodes everything); answers the texts encoded."""
    return {"offers": index_offers(published_offer_ids()), "needs": index_needs(published_need_ids())}


def _store(
    subject: PassageOf,
    texts: Mapping[int, Sequence[Text]],
    encode: Callable[[Sequence[Text]], Vectors],
) -> int:
    fingerprint = engine().encoder.fingerprint
    stored = stored_passages(subject, list(texts), fingerprint)
    hashes = {key: [text_hash(text) for text in parts] for key, parts in texts.items()}
    stale = [key for key in texts if [passage.text_hash for passage in stored.get(key, ())] != hashes[key]]
    if not stale:
        return 0
    known = {passage.text_hash: passage.vector for key in stale for passage in stored.get(key, ())}
    fresh = {digest: text for key in stale for digest, text in zip(hashes[key], texts[key], strict=True)}
    missing = [digest for digest in fresh if digest not in known]
    vectors = encode([fresh[digest] for digest in missing])
    known |= {digest: pack(vector) for digest, vector in zip(missing, vectors, strict=True)}
    db.session.execute(
        sa.delete(Embedding).where(Embedding.subject == subject, Embedding.subject_id.in_(stale))
    )
    db.session.add_all(
        Embedding(
            subject=subject,
            subject_id=key,
            position=position,
            fingerprint=fingerprint,
            text_hash=digest,
            vector=known[digest],
        )
        for key in stale
        for position, digest in enumerate(hashes[key])
    )
    return len(missing)
