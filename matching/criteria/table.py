"""Hard criteria: what each offer answers to each of them, as cells, and as an outcome with its reason.

A criterion is also met by those that imply it; the strongest answer decides, and at equal strength a refusal
wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from matching.criteria.cells import NOT_APPLICABLE, Codes, Timeline
from matching.criteria.rules import change_days, holding, several, silence
from matching.criteria.types import Criterion, CriterionOutcome, Fact, Facts, Level, Outcome, Requirement
from matching.errors import MatchingError, UnknownCriterion

MAX_REQUIREMENTS = 64
UNDATED = date.min
"""Where no day is asked: what holds without a first day."""


class CriteriaTable:
    """The known criteria, and how facts become cells."""

    def __init__(self, criteria: Sequence[Criterion]) -> None:
        self.keys = tuple(criterion.key for criterion in criteria)
        self._column = {key: column for column, key in enumerate(self.keys)}
        self._criteria = {criterion.key: criterion for criterion in criteria}
        direct = {criterion.key: criterion.implied_by for criterion in criteria}
        for key in (implier for impliers in direct.values() for implier in impliers):
            self.column(key)
        self._impliers = {key: _reach(key, direct) for key in self.keys}

    def column(self, key: str) -> int:
        """Column of a criterion; raises UnknownCriterion."""
        if key not in self._column:
            raise UnknownCriterion(key)
        return self._column[key]

    def attribute(self, key: str) -> str:
        """The attribute a criterion asks about."""
        return self._criteria[key].attribute or key

    def decide(self, key: str, held: Mapping[str, Fact], kind: str = "") -> tuple[int, str | None]:
        """The cell of one criterion, and the key of the criterion that decided it: itself, or one that
        implies it. `held` maps attributes to what decides on the day; `kind` is the offer's."""
        best, decided_by = self._cell(key, held)
        for implier in self._impliers[key]:
            code, source = self._cell(implier, held)
            if code > 0 and code > abs(best):
                best, decided_by = code, source
        if best == 0 and kind in self._criteria[key].left_to_buyer:
            return NOT_APPLICABLE, None
        return best, decided_by

    def codes(self, held: Mapping[str, Fact], kind: str = "") -> Codes:
        """One row of cells, int8 [criteria]. Facts on attributes of no criterion are left aside."""
        return np.array([self.decide(key, held, kind)[0] for key in self.keys], np.int8)

    def timeline(self, facts: Facts, kind: str = "") -> Timeline:
        """The cells of an offer for every day: a row before any date, then one for each day of change."""
        days, rows = [UNDATED], [self.codes(holding(facts, UNDATED), kind)]
        for day in change_days(facts):
            row = self.codes(holding(facts, day), kind)
            if (row != rows[-1]).any():
                days.append(day)
                rows.append(row)
        return Timeline(np.array([day.toordinal() for day in days], np.int32), np.array(rows, np.int8))

    def normalise(self, requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
        """Each criterion once, at its highest level, in a fixed order; raises UnknownCriterion."""
        asked: dict[str, Requirement] = {}
        for new in requirements:
            self.column(new.criterion)
            old = asked.get(new.criterion, new)
            level = max(Level(new.level), old.level)
            asked[new.criterion] = Requirement(new.criterion, level, new.strict or old.strict)
        if len(asked) > MAX_REQUIREMENTS:
            raise MatchingError(f"a need has at most {MAX_REQUIREMENTS} criteria")
        return tuple(asked[key] for key in self.keys if key in asked)

    def outcome(
        self, requirement: Requirement, facts: Facts, *, kind: str = "", day: date = UNDATED
    ) -> CriterionOutcome:
        """The answer of one offer to one requirement on `day`, with its reason."""
        key, held = requirement.criterion, holding(facts, day)
        self.column(key)
        code, decided_by = self.decide(key, held, kind)
        fact = held.get(self.attribute(decided_by)) if decided_by else None
        outcome, reason = _reading(code, requirement)
        if outcome is Outcome.MET and decided_by != key:
            reason = "implied"
        elif outcome is Outcome.UNKNOWN and fact is not None:
            reason = fact.note or reason
        elif reason == "no_fact":
            reason = silence(several(facts.get(self.attribute(key), ())), day)
        return CriterionOutcome(key, outcome, fact, requirement.level, reason, decided_by)

    def _cell(self, key: str, held: Mapping[str, Fact]) -> tuple[int, str | None]:
        """What the statement about a criterion's own attribute answers."""
        fact = held.get(self.attribute(key))
        met = self._criteria[key].predicate.holds(fact.value) if fact is not None else None
        if fact is None or met is None:
            return 0, None
        return (int(fact.level) if met else -int(fact.level)), key


def _reading(code: int, requirement: Requirement) -> tuple[Outcome, str]:
    if code == NOT_APPLICABLE:
        return Outcome.UNKNOWN if requirement.strict else Outcome.NOT_APPLICABLE, "left_to_buyer"
    if code >= int(requirement.level):
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
