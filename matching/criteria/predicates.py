"""What a criterion asks of an attribute: is, at most, at least, one of, contains."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Value = bool | int | float | str | tuple[str, ...]
"""A yes or no, a number, a choice or a date (YYYY-MM-DD, which sorts as text), a set of choices."""


class Operator(StrEnum):
    IS = "is"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    ONE_OF = "one_of"
    CONTAINS = "contains"


@dataclass(frozen=True, slots=True)
class Predicate:
    """`operator` applied to a value and `operand`.

    `ONE_OF` asks that the value, or every member of a set, be among the operand; `CONTAINS` that the set hold
    all of the operand. An empty set says nothing.
    """

    operator: Operator = Operator.IS
    operand: Value = True

    def holds(self, value: Value) -> bool | None:
        """Whether `value` satisfies it; None where the two cannot be compared."""
        if self.operator is Operator.IS:
            return value == self.operand if _kind(value) == _kind(self.operand) else None
        if self.operator in (Operator.ONE_OF, Operator.CONTAINS):
            return self._holds_of_sets(value)
        if _kind(value) != _kind(self.operand) or isinstance(value, bool | tuple):
            return None
        if self.operator is Operator.AT_MOST:
            return value <= self.operand  # type: ignore[operator]  # of the same kind: two numbers, or two texts
        return value >= self.operand  # type: ignore[operator]  # the same

    def _holds_of_sets(self, value: Value) -> bool | None:
        members, wanted = _members(value), _members(self.operand)
        if not members or not wanted:
            return None
        if self.operator is Operator.ONE_OF:
            return members <= wanted
        return wanted <= members


def _kind(value: Value) -> type:
    """Numbers compare with numbers, whole or not; a yes is no number."""
    return float if isinstance(value, int) and not isinstance(value, bool) else type(value)


def _members(value: Value) -> frozenset[str]:
    if isinstance(value, tuple):
        return frozenset(value)
    return frozenset([value]) if isinstance(value, str) else frozenset()
