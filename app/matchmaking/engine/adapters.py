"""Rows of the portal as `matching` sees them, and vectors as the database stores them."""

from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

import numpy as np

from app.accounts.models import Organisation
from app.claims.engine import as_criteria, statements_of
from app.matchmaking.engine.glossary import current_glossary
from app.matchmaking.queries import StoredPassage
from app.needs.enums import EffectiveRequirement
from app.needs.models import Need
from app.offers.queries import published_offers, subject_of
from matching import criteria as asked
from matching import retrieval
from matching.retrieval import OfferText, Vectors, encode_offers, read_need, text_hash
from matching.retrieval import offer_texts as texts_of

__all__ = [
    "Text",
    "Vectors",
    "as_criteria",
    "as_engine_need",
    "as_engine_offers",
    "encode_offers",
    "need_texts",
    "offer_texts",
    "pack",
    "required_keys",
    "text_hash",
]

Text = TypeVar("Text", str, OfferText)
LEVELS = {"declared": asked.Level.DECLARED, "verified": asked.Level.VERIFIED}


def as_engine_offers(ids: Collection[int]) -> list[retrieval.Offer]:
    """The published offers among `ids`, with all that is claimed of them, whatever its dates."""
    offers = published_offers(ids)
    statements = statements_of([subject_of(offer) for offer in offers])
    return [
        retrieval.Offer(
            id=offer.id,
            kind=offer.kind.value,
            name=offer.name,
            summary=offer.summary,
            description=offer.description,
            categories=tuple(category.label_fr for category in offer.categories),
            language=offer.language,
            providers=_names(offer.organisation),
            facts=statements[offer.id],
        )
        for offer in offers
    ]


def _names(organisation: Organisation | None) -> tuple[str, ...]:
    """Who sells or runs an offer, as people look for them: the name and the acronym."""
    if organisation is None:
        return ()
    return tuple(name for name in (organisation.name, organisation.acronym) if name)


def as_engine_need(need: Need) -> retrieval.Need:
    return retrieval.Need(
        title=need.title,
        text=need.description,
        requirements=as_requirements(need.effective_requirements),
        language=need.language,
        categories=tuple(category.label_fr for category in need.categories),
    )


def as_requirements(requirements: Iterable[EffectiveRequirement]) -> tuple[asked.Requirement, ...]:
    """What the law adds is strict: no "not applicable" stands in for it."""
    return tuple(
        asked.Requirement(one.criterion_key, LEVELS[one.level], strict=one.by_law) for one in requirements
    )


def required_keys(need: Need) -> tuple[str, ...]:
    """The criteria a need requires, whatever makes it require them."""
    return tuple(requirement.criterion for requirement in as_engine_need(need).requirements)


def offer_texts(ids: Collection[int]) -> dict[int, list[OfferText]]:
    """The texts to encode of each published offer."""
    return {offer.id: texts_of(offer) for offer in as_engine_offers(ids)}


def need_texts(needs: Iterable[Need]) -> dict[int, list[str]]:
    """The one text to encode of each need."""
    glossary = current_glossary()
    return {need.id: [read_need(as_engine_need(need), glossary).text] for need in needs}


def pack(vector: Vectors) -> bytes:
    return vector.astype("<f4").tobytes()


def unpack(passages: Sequence[StoredPassage]) -> Vectors:
    """Rows [passages, d] float32, in order of position."""
    return np.stack([np.frombuffer(passage.vector, "<f4") for passage in passages])
