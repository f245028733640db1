"""Facts about an offer, criteria, what a need requires, and what comes of the two.

Everything here is frozen: a result can be stored, compared and shown again without surprise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType

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
