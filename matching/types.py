"""What the engine sees of the world: offers, needs, criteria, and the answers it gives back.

Everything here is frozen: a result can be stored, compared and shown again without surprise.
Scores carry no unit; times are milliseconds; similarities are cosines between -1 and 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Rows of an encoder, float32 of shape [n, dimension]; one text has shape [dimension]."""

NO_FACTS: Mapping[str, Fact] = MappingProxyType({})


class Level(IntEnum):
    """How strongly a fact is established, or how strongly a need asks for it."""

    DECLARED = 1
    VERIFIED = 2


class Outcome(StrEnum):
    """Three values: an unknown is neither a pass nor a zero."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about an offer. A criterion absent from `Offer.facts` is unknown."""

    value: bool
    level: Level


@dataclass(frozen=True, slots=True)
class Criterion:
    """A hard criterion as data: it is also met by any of `implied_by` (one hop or several)."""

    key: str
    implied_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """A need asks `criterion` at `level` or better."""

    criterion: str
    level: Level = Level.DECLARED


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer to be ranked; `kind` is free (for example "market" or "mutualised")."""

    id: int
    kind: str
    name: str
    summary: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    language: str = "fr"
    facts: Mapping[str, Fact] = field(default_factory=lambda: NO_FACTS)


@dataclass(frozen=True, slots=True)
class Need:
    """What a buyer asks for, in words and in hard criteria."""

    title: str
    text: str = ""
    requirements: tuple[Requirement, ...] = ()
    language: str = "fr"
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CriterionOutcome:
    """Why one criterion passed or not: `reason_code` is a word for templates to translate.

    `fact` is the statement that decided (None when nothing is known) and `decided_by` its key, which differs
    from `criterion` when a narrower criterion implied this one.
    """

    criterion: str
    outcome: Outcome
    fact: Fact | None
    required_level: Level
    reason_code: str
    decided_by: str | None = None


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
    """One proposal; the contributions add up to `score` within 1e-6."""

    offer_id: int
    rank: int
    score: float
    contributions: tuple[Contribution, ...]
    outcomes: tuple[CriterionOutcome, ...]
    passages: tuple[Passage, ...] = ()
    shared_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An offer that lacks exactly one criterion, failed or unknown."""

    offer_id: int
    score: float
    failing: CriterionOutcome


@dataclass(frozen=True, slots=True)
class Exclusions:
    """How many offers the criteria leave, and what each one costs.

    `per_criterion`: offers that criterion alone would exclude. `only_because_of`: offers excluded by it and
    by no other. `combinations`: offers per exact set of criteria that exclude them. `counterfactuals`: offers
    gained by dropping a criterion and, under "criterion@declared", by accepting a mere declaration.
    `unknown`: offers whose answer to the criterion is unknown.
    """

    eligible: int
    total: int
    per_criterion: Mapping[str, int]
    only_because_of: Mapping[str, int]
    combinations: Mapping[tuple[str, ...], int]
    counterfactuals: Mapping[str, int]
    unknown: Mapping[str, int]

    @property
    def excluded(self) -> int:
        """Offers excluded by all criteria together."""
        return self.total - self.eligible


@dataclass(frozen=True, slots=True)
class MatchResult:
    """A run: proposals, near misses, counts, the time of each stage and everything needed to redo it."""

    matches: tuple[Match, ...]
    near_misses: tuple[NearMiss, ...]
    exclusions: Exclusions
    timings_ms: Mapping[str, float]
    parameters: Mapping[str, object]
