"""The gate that precedes any ranking: which requirements each row fails, and what each of them costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.criteria.cells import NOT_APPLICABLE, Codes
from matching.criteria.table import CriteriaTable
from matching.criteria.types import Exclusions, Level, Requirement

Mask = NDArray[np.bool_]
Fails = NDArray[np.uint64]
BINCOUNT_UP_TO = 16


def failures(table: CriteriaTable, codes: Codes, requirements: Sequence[Requirement]) -> Fails:
    """Per row of `codes` [n, criteria], the set of unmet requirements as bits, uint64 [n]."""
    bits = np.zeros(len(codes), np.uint64)
    for position, requirement in enumerate(requirements):
        unmet = _unmet(codes[:, table.column(requirement.criterion)], requirement)
        bits |= unmet.astype(np.uint64) << np.uint64(position)
    return bits


def single_failures(fails: Fails) -> Mask:
    """Rows that fail by exactly one requirement."""
    return np.asarray((fails != 0) & ((fails & (fails - np.uint64(1))) == 0))


def count_exclusions(
    table: CriteriaTable, codes: Codes, fails: Fails, requirements: Sequence[Requirement]
) -> Exclusions:
    """What each requirement excludes alone and together, over the rows given."""
    keys = [requirement.criterion for requirement in requirements]
    combinations = _combinations(fails, keys)
    eligible = combinations.pop((), 0)
    alone = {key: combinations.get((key,), 0) for key in keys}
    counterfactuals = dict(alone)
    unknown, per_criterion = {}, {}
    for position, requirement in enumerate(requirements):
        cells = codes[:, table.column(requirement.criterion)]
        unmet = _unmet(cells, requirement)
        unknown[requirement.criterion] = int(((cells >= 0) & unmet).sum())
        per_criterion[requirement.criterion] = int(unmet.sum())
        if requirement.level is Level.VERIFIED:
            only = fails == np.uint64(1 << position)
            counterfactuals[f"{requirement.criterion}@declared"] = int((only & (cells == 1)).sum())
    return Exclusions(eligible, len(codes), per_criterion, alone, combinations, counterfactuals, unknown)


def _combinations(fails: Fails, keys: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Rows per exact set of requirements they fail."""
    if len(keys) <= BINCOUNT_UP_TO:
        counts = np.bincount(fails.astype(np.int64), minlength=1)
        values = np.flatnonzero(counts).astype(np.uint64)
        counts = counts[values.astype(np.int64)]
    else:
        values, counts = np.unique(fails, return_counts=True)
    return {
        tuple(key for position, key in enumerate(keys) if int(value) >> position & 1): int(count)
        for value, count in zip(values, counts, strict=True)
    }


def _unmet(cells: Codes, requirement: Requirement) -> Mask:
    """Rows that do not pass; a strict requirement takes no "not applicable" for an answer."""
    unmet = cells < int(requirement.level)
    if requirement.strict:
        unmet |= cells == NOT_APPLICABLE
    return np.asarray(unmet)
