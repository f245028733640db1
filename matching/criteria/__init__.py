"""What must hold: facts about offers, criteria, and the gate that precedes any ranking."""

from matching.criteria.table import CriteriaTable, count_exclusions, single_failures
from matching.criteria.types import (
    Criterion,
    CriterionOutcome,
    Exclusions,
    Fact,
    Level,
    Outcome,
    Requirement,
)

__all__ = [
    "CriteriaTable",
    "Criterion",
    "CriterionOutcome",
    "Exclusions",
    "Fact",
    "Level",
    "Outcome",
    "Requirement",
    "count_exclusions",
    "single_failures",
]
