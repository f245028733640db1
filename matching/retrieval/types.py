"""What the engine sees of the world: offers, needs, criteria, and the answers it gives back.

Everything here is frozen: a result can be stored, compared and shown again without surprise.
Scores carry no unit; times are milliseconds; similarities are cosines between -1 and 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from matching.criteria.types import NO_FACTS, CriterionOutcome, Exclusions, Facts, Requirement

Vectors = NDArray[np.float32]
"""Rows of an encoder, float32 of shape [n, dimension]; one text has shape [dimension]."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer to be ranked; `kind` is free (for example "market" or "mutualised"); `providers` name who
    sells or runs it.
    """

    id: int
    kind: str
    name: str
    summary: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    language: str = "fr"
    providers: tuple[str, ...] = ()
    facts: Facts = field(default_factory=lambda: NO_FACTS)


@dataclass(frozen=True, slots=True)
class Need:
    """What a buyer asks for, in words and in hard criteria; `whole` keeps passages read as boilerplate."""

    title: str
    text: str = ""
    requirements: tuple[Requirement, ...] = ()
    language: str = "fr"
    categories: tuple[str, ...] = ()
    whole: bool = False


class TermKind(StrEnum):
    """Why a term is read otherwise than it is written."""

    ACRONYM = "acronym"
    ENGLISH = "english"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Expansion:
    """What was written, and how it is read."""

    written: str
    reading: str
    kind: TermKind
    function: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` is encoded, `stems` are looked up; `excluded` are spans said no to, `set_aside` passages left
    out for saying nothing of what is asked; `functions` are keys, in the order of their first mention.
    """

    text: str
    stems: tuple[str, ...]
    expansions: tuple[Expansion, ...] = ()
    excluded: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()


class Fit(StrEnum):
    """How well an offer, or a whole answer, fits; `NOTHING` for an answer whose best offer is weak."""

    STRONG = "strong"
    POSSIBLE = "possible"
    WEAK = "weak"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One signal's share of a score: `contribution` = `normalised` x `weight`."""

    signal: str
    raw: float
    normalised: float
    weight: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of the offer and its cosine with the need (centred as for ranking)."""

    text: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Match:
    """One proposal; the contributions add up to `score` within 1e-6, `probability` is that it answers."""

    offer_id: int
    rank: int
    score: float
    contributions: tuple[Contribution, ...]
    outcomes: tuple[CriterionOutcome, ...]
    passages: tuple[Passage, ...] = ()
    shared_words: tuple[str, ...] = ()
    fit: Fit = Fit.POSSIBLE
    probability: float = 0.0

    @property
    def serves(self) -> bool:
        """Whether it names a function that the need names."""
        return any(part.signal == "function" and part.raw > 0 for part in self.contributions)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An offer that lacks exactly one criterion, failed or unknown."""

    offer_id: int
    score: float
    failing: CriterionOutcome


@dataclass(frozen=True, slots=True)
class MatchResult:
    """A run: proposals, near misses, counts, the time of each stage and everything needed to redo it.

    `reading` is how the need was read, `fit` how well the answer as a whole fits. `kept_out` are the best of
    the offers that the criteria keep out, however many they lack, ranked among themselves.
    """

    matches: tuple[Match, ...]
    near_misses: tuple[NearMiss, ...]
    exclusions: Exclusions
    timings_ms: Mapping[str, float]
    parameters: Mapping[str, object]
    reading: Reading
    fit: Fit
    kept_out: tuple[Match, ...] = ()
