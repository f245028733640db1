"""Keeping vectors in step with the texts: unchanged text is never encoded twice.

Texts are read, encoded with no transaction open, then written shortly, where they still are what was read."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.core.db import db, rollback, unit_of_work
from app.matchmaking.engine import (
    Text,
    Vectors,
    engine,
    need_texts,
    offer_texts,
    pack,
    text_hash,
)
from app.matchmaking.enums import PassageOf
from app.matchmaking.models import Embedding, IndexChange
from app.matchmaking.queries import (
    StoredPassage,
    published_need_ids,
    published_offer_ids,
    stored_passages,
    vector_checksum,
)
from app.needs.models import Need

TEXTS_AT_ONCE = 8
Hashes = Mapping[int, list[str]]
OnPart = Callable[[int], bool]
"""Told how many subjects are done; False stops the work there."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What was computed for some subjects, to be written where their texts still have these hashes."""

    hashes: Hashes
    vectors: Mapping[str, bytes]


def note_offer_change(offer_id: int) -> None:
    """Tell every process that an offer, or what is known of it, has changed."""
    db.session.add(IndexChange(offer_id=offer_id))


def index_offers(ids: Collection[int], *, force: bool = False, on_part: OnPart = lambda _done: True) -> int:
    """Encode what is new in the texts of these offers (everything with `force`) and announce those encoded;
    answers how many texts were. Transactions of its own: the caller's must be over."""
    return _index(PassageOf.OFFER, ids, offer_texts, engine().encoding.offers, force=force, on_part=on_part)


def index_needs(ids: Collection[int], *, force: bool = False, on_part: OnPart = lambda _done: True) -> int:
    """The same for needs; announces that their mean has moved."""
    return _index(PassageOf.NEED, ids, _need_texts, engine().encoding.needs, force=force, on_part=on_part)


def reindex_all(*, force: bool = False) -> dict[str, int]:
    """Bring every vector up to date (a new encoder or a damaged row too), or all anew with `force`; answers
    the texts encoded."""
    offers = index_offers(published_offer_ids(), force=force)
    return {"offers": offers, "needs": index_needs(published_need_ids(), force=force)}


def _index(
    subject: PassageOf,
    ids: Collection[int],
    read: Callable[[Collection[int]], Mapping[int, Sequence[Text]]],
    encode: Callable[[Sequence[Text]], Vectors],
    *,
    force: bool,
    on_part: OnPart,
) -> int:
    done = total = 0
    for part in _parts(ids):
        texts = read(part)
        stored = {} if force else stored_passages(subject, list(texts), engine().encoder.fingerprint)
        rollback()  # no transaction stays open while the encoder works
        found = _encode(texts, stored, encode)
        if found.hashes:
            _write(subject, found, read)
        total, done = total + len(found.vectors), done + len(part)
        if not on_part(done):
            break
    return total


def _encode(
    texts: Mapping[int, Sequence[Text]],
    stored: Mapping[int, Sequence[StoredPassage]],
    encode: Callable[[Sequence[Text]], Vectors],
) -> Encoded:
    hashes = {key: [text_hash(text) for text in parts] for key, parts in texts.items()}
    stale = {
        key: wanted
        for key, wanted in hashes.items()
        if [passage.text_hash for passage in stored.get(key, ())] != wanted
    }
    known = {passage.text_hash for key in stale for passage in stored.get(key, ())}
    fresh = {digest: text for key in stale for digest, text in zip(hashes[key], texts[key], strict=True)}
    missing = [digest for digest in fresh if digest not in known]
    rows = encode([fresh[digest] for digest in missing]) if missing else ()
    return Encoded(stale, {digest: pack(vector) for digest, vector in zip(missing, rows, strict=True)})


def _write(
    subject: PassageOf, found: Encoded, read: Callable[[Collection[int]], Mapping[int, Sequence[Text]]]
) -> None:
    """A short transaction. What changed meanwhile is left to the job of that change."""
    fingerprint = engine().encoder.fingerprint
    with unit_of_work() as session:
        now_said = {key: [text_hash(text) for text in parts] for key, parts in read(found.hashes).items()}
        still = {key: wanted for key, wanted in found.hashes.items() if now_said.get(key) == wanted}
        vectors = {
            passage.text_hash: passage.vector
            for passages in stored_passages(subject, list(still), fingerprint).values()
            for passage in passages
        } | dict(found.vectors)
        session.execute(
            sa.delete(Embedding).where(Embedding.subject == subject, Embedding.subject_id.in_(still))
        )
        session.add_all(
            Embedding(
                subject=subject,
                subject_id=key,
                position=position,
                fingerprint=fingerprint,
                text_hash=digest,
                vector=vectors[digest],
                checksum=vector_checksum(vectors[digest]),
            )
            for key, wanted in still.items()
            if vectors.keys() >= set(wanted)
            for position, digest in enumerate(wanted)
        )
        offers = still if subject is PassageOf.OFFER else [None]
        session.add_all(IndexChange(offer_id=offer_id) for offer_id in offers)


def _need_texts(ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    return need_texts([need for need_id in ids if (need := db.session.get(Need, need_id)) is not None])


def _parts(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = list(ids)
    return (ordered[start : start + TEXTS_AT_ONCE] for start in range(0, len(ordered), TEXTS_AT_ONCE))
