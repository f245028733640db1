"""What must hold: facts about offers, criteria, and the gate that precedes any ranking."""

from matching.criteria.cells import Cells, Codes
from matching.criteria.gate import count_exclusions, failures, single_failures
from matching.criteria.predicates import Operator, Predicate, Value
from matching.criteria.rules import deciding, has_ended, holding, holds, is_within, silence
from matching.criteria.table import UNDATED, CriteriaTable
from matching.criteria.types import (
    NO_FACTS,
    Criterion,
    CriterionOutcome,
    Exclusions,
    Fact,
    Facts,
    Level,
    Outcome,
    Requirement,
)

__all__ = [
    "NO_FACTS",
    "UNDATED",
    "Cells",
    "Codes",
    "CriteriaTable",
    "Criterion",
    "CriterionOutcome",
    "Exclusions",
    "Fact",
    "Facts",
    "Level",
    "Operator",
    "Outcome",
    "Predicate",
    "Requirement",
    "Value",
    "count_exclusions",
    "deciding",
    "failures",
    "has_ended",
    "holding",
    "holds",
    "is_within",
    "silence",
    "single_failures",
]
