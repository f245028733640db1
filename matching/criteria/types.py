"""Facts about an offer, criteria, what a need requires, and what comes of the two.

Everything here is frozen: a result can be stored, compared and shown again without surprise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import IntEnum, StrEnum
from types import MappingProxyType

from matching.criteria.predicates import Predicate, Value

YES = Predicate()
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Level(IntEnum):
    """How strongly a fact is established, or how strongly a need asks for it."""

    DECLARED = 1
    VERIFIED = 2


class Outcome(StrEnum):
    """Three values, an unknown being neither a pass nor a zero; and where the question does not arise."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about an attribute of an offer, which holds from `first` to `last`, both included.

    `said_at` and `number` order statements in time; `note`, a word of the caller, is the reason given where
    the statement does not suffice.
    """

    value: Value
    level: Level
    first: date | None = None
    last: date | None = None
    said_at: datetime = LONG_AGO
    number: int = 0
    note: str = ""


Facts = Mapping[str, Fact | Sequence[Fact]]
"""Attribute -> what is said of it: one statement, or several of which a rule picks the one that decides."""

NO_FACTS: Facts = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Criterion:
    """A hard criterion as data: a `predicate` on `attribute` (named as the criterion where not given).

    It is also met by any of `implied_by` (one hop or several). Of offers of the kinds `left_to_buyer` it asks
    what depends on the buyer alone: where nothing is said of them, it does not apply.
    """

    key: str
    implied_by: tuple[str, ...] = ()
    attribute: str = ""
    predicate: Predicate = YES
    left_to_buyer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """A need asks `criterion` at `level` or better; `strict`, even where the answer is left to the buyer."""

    criterion: str
    level: Level = Level.DECLARED
    strict: bool = False


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

    @property
    def passes(self) -> bool:
        """Whether the offer stays eligible."""
        return self.outcome in (Outcome.MET, Outcome.NOT_APPLICABLE)


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
