"""Rows of the portal as `matching` sees them, and vectors as the database stores them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from app.core.clock import today
from app.matchmaking.queries import StoredPassage
from app.needs.enums import RequiredLevel
from app.needs.models import Need
from app.offers.queries import facts_of, published_offers
from app.reference.models import Criterion
from matching import criteria as asked
from matching import retrieval
from matching.retrieval import OfferText, Vectors, encode_offers, need_text, text_hash
from matching.retrieval import offer_texts as texts_of

__all__ = [
    "Text",
    "Vectors",
    "as_engine_criteria",
    "as_engine_need",
    "as_engine_offers",
    "encode_offers",
    "need_texts",
    "offer_texts",
    "pack",
    "text_hash",
]

Text = TypeVar("Text", str, OfferText)
LEVELS = {"declared": asked.Level.DECLARED, "verified": asked.Level.VERIFIED}


def as_engine_criteria(criteria: Iterable[Criterion]) -> tuple[asked.Criterion, ...]:
    return tuple(asked.Criterion(criterion.key, tuple(criterion.implied_by)) for criterion in criteria)


def as_engine_offers(ids: Collection[int]) -> list[retrieval.Offer]:
    """The published offers among `ids`, with what their claims are worth today."""
    offers = published_offers(ids)
    facts = facts_of(offers, today())
    return [
        retrieval.Offer(
            id=offer.id,
            kind=offer.kind.value,
            name=offer.name,
            summary=offer.summary,
            description=offer.description,
            categories=tuple(category.label_fr for category in offer.categories),
            language=offer.language,
            facts={
                key: asked.Fact(value, LEVELS[level])
                for key, (value, level, _claim) in facts[offer.id].items()
            },
        )
        for offer in offers
    ]


def as_engine_need(need: Need) -> retrieval.Need:
    return retrieval.Need(
        title=need.title,
        text=need.description,
        requirements=tuple(
            asked.Requirement(requirement.criterion_key, LEVELS[requirement.level])
            for requirement in need.requirements
        ),
        language=need.language,
        categories=tuple(category.label_fr for category in need.categories),
    )


def as_requirements(requirements: Mapping[str, RequiredLevel]) -> tuple[asked.Requirement, ...]:
    return tuple(asked.Requirement(key, LEVELS[level]) for key, level in requirements.items())


def offer_texts(ids: Collection[int]) -> dict[int, list[OfferText]]:
    """The texts to encode of each published offer."""
    return {offer.id: texts_of(offer) for offer in as_engine_offers(ids)}


def need_texts(needs: Iterable[Need]) -> dict[int, list[str]]:
    """The one text to encode of each need."""
    return {need.id: [need_text(as_engine_need(need))] for need in needs}


def pack(vector: Vectors) -> bytes:
    return vector.astype("<f4").tobytes()


def unpack(passages: Sequence[StoredPassage]) -> Vectors:
    """Rows [passages, d] float32, in order of position."""
    return np.stack([np.frombuffer(passage.vector, "<f4") for passage in passages])
