"""Vectors that are damaged, or were never made, are made again without anybody asking."""

from app.core.db import rollback, unit_of_work
from app.core.jobs import Lane, enqueue
from app.matchmaking.engine import engine
from app.matchmaking.enums import PassageOf
from app.matchmaking.queries import published_need_ids, published_offer_ids, read_passages


def subjects_to_encode() -> dict[PassageOf, list[int]]:
    """Published offers and needs of which a vector is missing, damaged, or another model's."""
    fingerprint = engine().encoder.fingerprint
    published = {PassageOf.OFFER: published_offer_ids(), PassageOf.NEED: published_need_ids()}
    return {
        subject: sorted(set(ids) - read_passages(subject, ids, fingerprint)[0].keys())
        for subject, ids in published.items()
    }


def heal_vectors() -> int:
    """Ask for those to be encoded; answers how many subjects."""
    found = subjects_to_encode()
    rollback()
    kinds = {PassageOf.OFFER: "index_offers", PassageOf.NEED: "index_needs"}
    with unit_of_work():
        for subject, ids in found.items():
            if ids:
                enqueue(kinds[subject], Lane.LONG, ids=ids)
    return sum(map(len, found.values()))
