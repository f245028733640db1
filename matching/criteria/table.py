"""Hard criteria: three values per offer and criterion, columns, and the gate that precedes any ranking.

A cell is an int8: 2 true and verified, 1 true and declared, 0 unknown, -1 false and declared, -2 false and
verified. A criterion is also met by those that imply it; the strongest statement decides, and at equal
strength a refusal wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.criteria.types import (
    Criterion,
    CriterionOutcome,
    Exclusions,
    Fact,
    Level,
    Outcome,
    Requirement,
)
from matching.errors import MatchingError, UnknownCriterion

Codes = NDArray[np.int8]
Mask = NDArray[np.bool_]
Fails = NDArray[np.uint64]
MAX_REQUIREMENTS = 64
BINCOUNT_UP_TO = 16


class CriteriaTable:
    """The known criteria, and how their facts become int8 cells."""

    def __init__(self, criteria: Sequence[Criterion]) -> None:
        self.keys = tuple(criterion.key for criterion in criteria)
        self._column = {key: column for column, key in enumerate(self.keys)}
        direct = {criterion.key: criterion.implied_by for criterion in criteria}
        for key in (implier for impliers in direct.values() for implier in impliers):
            self.column(key)
        self._impliers = {key: _reach(key, direct) for key in self.keys}

    def column(self, key: str) -> int:
        """Column of a criterion; raises UnknownCriterion."""
        if key not in self._column:
            raise UnknownCriterion(key)
        return self._column[key]

    def decide(self, key: str, facts: Mapping[str, Fact]) -> tuple[int, str | None]:
        """The cell of one criterion, and the key of the fact that decided it."""
        best, decided_by = _code(facts.get(key)), key if key in facts else None
        for implier in self._impliers[key]:
            code = _code(facts.get(implier))
            if code > 0 and code > abs(best):
                best, decided_by = code, implier
        return best, decided_by

    def codes(self, facts: Mapping[str, Fact]) -> Codes:
        """One row of the table, int8 [criteria]. Facts on criteria not in the table are left aside."""
        return np.array([self.decide(key, facts)[0] for key in self.keys], np.int8)

    def normalise(self, requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
        """Each criterion once, at its highest level, in a fixed order; raises UnknownCriterion."""
        levels: dict[str, Level] = {}
        for requirement in requirements:
            self.column(requirement.criterion)
            level = Level(requirement.level)
            levels[requirement.criterion] = max(level, levels.get(requirement.criterion, level))
        if len(levels) > MAX_REQUIREMENTS:
            raise MatchingError(f"a need has at most {MAX_REQUIREMENTS} criteria")
        return tuple(Requirement(key, levels[key]) for key in self.keys if key in levels)

    def outcome(self, requirement: Requirement, facts: Mapping[str, Fact]) -> CriterionOutcome:
        """The three-valued answer of one offer to one requirement, with its reason."""
        self.column(requirement.criterion)
        code, decided_by = self.decide(requirement.criterion, facts)
        outcome, reason = _reading(code, requirement.level)
        if outcome is Outcome.MET and decided_by != requirement.criterion:
            reason = "implied"
        fact = facts.get(decided_by) if decided_by else None
        return CriterionOutcome(requirement.criterion, outcome, fact, requirement.level, reason, decided_by)

    def failures(self, codes: Codes, requirements: Sequence[Requirement]) -> Fails:
        """Per row of `codes` [n, criteria], the set of unmet requirements as bits, uint64 [n]."""
        bits = np.zeros(len(codes), np.uint64)
        for position, requirement in enumerate(requirements):
            unmet = codes[:, self.column(requirement.criterion)] < int(requirement.level)
            bits |= unmet.astype(np.uint64) << np.uint64(position)
        return bits


def count_exclusions(
    table: CriteriaTable, codes: Codes, fails: Fails, requirements: Sequence[Requirement]
) -> Exclusions:
    """What each requirement excludes alone and together, over the rows given."""
    keys = [requirement.criterion for requirement in requirements]
    if len(keys) <= BINCOUNT_UP_TO:
        counts = np.bincount(fails.astype(np.int64), minlength=1)
        values = np.flatnonzero(counts).astype(np.uint64)
        counts = counts[values.astype(np.int64)]
    else:
        values, counts = np.unique(fails, return_counts=True)
    combinations = {
        tuple(key for position, key in enumerate(keys) if int(value) >> position & 1): int(count)
        for value, count in zip(values, counts, strict=True)
    }
    eligible = combinations.pop((), 0)
    alone = {key: combinations.get((key,), 0) for key in keys}
    counterfactuals = dict(alone)
    unknown, per_criterion = {}, {}
    for position, requirement in enumerate(requirements):
        cells = codes[:, table.column(requirement.criterion)]
        unknown[requirement.criterion] = int(((cells >= 0) & (cells < int(requirement.level))).sum())
        per_criterion[requirement.criterion] = int((cells < int(requirement.level)).sum())
        if requirement.level is Level.VERIFIED:
            only = fails == np.uint64(1 << position)
            counterfactuals[f"{requirement.criterion}@declared"] = int((only & (cells == 1)).sum())
    return Exclusions(eligible, len(codes), per_criterion, alone, combinations, counterfactuals, unknown)


def single_failures(fails: Fails) -> Mask:
    """Rows that fail by exactly one requirement."""
    return np.asarray((fails != 0) & ((fails & (fails - np.uint64(1))) == 0))


def _code(fact: Fact | None) -> int:
    if fact is None:
        return 0
    return int(fact.level) if fact.value else -int(fact.level)


def _reading(code: int, level: Level) -> tuple[Outcome, str]:
    if code >= int(level):
        return Outcome.MET, "verified" if code == int(Level.VERIFIED) else "declared"
    if code > 0:
        return Outcome.UNKNOWN, "declared_only"
    if code == 0:
        return Outcome.UNKNOWN, "no_fact"
    return Outcome.NOT_MET, "refuted" if code == -int(Level.VERIFIED) else "declared_false"


def _reach(key: str, direct: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    found: list[str] = []
    waiting = list(direct[key])
    while waiting:
        implier = waiting.pop(0)
        if implier != key and implier not in found:
            found.append(implier)
            waiting.extend(direct[implier])
    return tuple(found)
