"""Linear programs for scipy's HiGHS: relaxations that bound, trees that decide.

`relaxation` is that of a CP-SAT model: what it cannot say in rows it leaves out, and stays a relaxation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

from matching.scheduling.budget import Budget

Array = Any  # numpy arrays and scipy matrices, imported late
WHOLE = 1e-6
NODES = 2_000
MIP_SHARE = 0.5  # of the seconds left
FAR = 2**60  # CP-SAT's infinity is a little above


@dataclass(slots=True)
class LinearModel:
    """Minimise `cost` under `lower` <= `rows` x <= `upper`, 0 <= x <= `limits`; worth `constant` less that.

    The first `columns` variables are the decisions."""

    columns: int
    cost: Array
    rows: Array
    lower: Array
    upper: Array
    limits: Array
    constant: float


@dataclass(slots=True)
class LinearAnswer:
    """Each decision's x, a bound on the worth, each decision's reduced cost (LP only), the worth reached."""

    x: Array
    bound: float
    reduced: Array | None
    value: float

    @property
    def is_whole(self) -> bool:
        """Whether nothing is decided in part."""
        return bool((abs(self.x - self.x.round()) < WHOLE).all())


def solve_lp(model: LinearModel, seconds: float | None, method: str = "highs") -> LinearAnswer | None:
    """The LP relaxation; None where it did not finish."""
    import numpy as np
    from scipy import optimize, sparse  # heavy

    equal = model.lower == model.upper
    upper = np.isfinite(model.upper) & ~equal
    lower = np.isfinite(model.lower) & ~equal
    answer = optimize.linprog(
        model.cost,
        A_ub=sparse.vstack([model.rows[upper], -model.rows[lower]]).tocsr(),
        b_ub=np.concatenate([model.upper[upper], -model.lower[lower]]),
        A_eq=model.rows[equal] if equal.any() else None,
        b_eq=model.upper[equal] if equal.any() else None,
        bounds=np.column_stack([np.zeros(len(model.cost)), model.limits]),
        method=method,
        options={} if seconds is None else {"time_limit": max(0.1, seconds)},
    )
    if answer.status != 0:
        return None
    reduced = answer.lower.marginals[: model.columns]
    worth = model.constant - answer.fun
    return LinearAnswer(answer.x[: model.columns], worth, reduced, worth)


def solve_mip(
    model: LinearModel, *, seconds: float | None, nodes: int, keep: Array | None = None
) -> LinearAnswer | None:
    """Whole numbers, on the decisions to keep if given; None where nothing was found."""
    import numpy as np
    from scipy import optimize  # heavy

    limits = model.limits.copy()
    if keep is not None:
        limits[: model.columns][~keep] = 0
    options: dict[str, Any] = {"node_limit": nodes, "mip_rel_gap": 0.0}
    if seconds is not None:
        options["time_limit"] = max(0.1, seconds)
    answer = optimize.milp(
        model.cost,
        constraints=optimize.LinearConstraint(model.rows, model.lower, model.upper),
        bounds=optimize.Bounds(0, limits),
        integrality=np.ones(len(model.cost)),
        options=options,
    )
    if answer.x is None:
        return None
    dual = answer.mip_dual_bound if answer.mip_dual_bound is not None else -math.inf
    worth = model.constant - answer.fun
    return LinearAnswer(answer.x[: model.columns], model.constant - dual, None, worth)


def decide(  # noqa: PLR0917 - one caller's needs
    model: LinearModel,
    relaxed: LinearAnswer,
    now: Array,
    reached: float,
    budget: Budget,
    nodes: int = NODES,
) -> tuple[Array | None, float]:
    """Whole decisions worth more than `reached` (None: none found) and a bound on all: the relaxation's own
    where they are whole, else the best among those `now` and those that cost nothing, else among all those
    that can be part of something better than what is known."""
    assert relaxed.reduced is not None  # noqa: S101 - an LP always prices its decisions
    if relaxed.is_whole:
        return relaxed.x, relaxed.bound
    best, bound = None, relaxed.bound
    for free in (True, False):
        keep = now | (relaxed.reduced <= (WHOLE if free else relaxed.bound - reached + WHOLE))
        seconds = None if budget.seconds_left is None else budget.seconds_left * (MIP_SHARE if free else 1)
        found = budget.wait_for(partial(solve_mip, model, seconds=seconds, nodes=nodes, keep=keep))
        if found is not None and found.value > reached:
            reached, best = found.value, found.x
        if found is not None and not free:
            bound = min(bound, max(found.bound, reached))
        if reached >= math.floor(relaxed.bound + WHOLE) or budget.cancelled():
            break
    return best, bound


class Rows:
    """A sparse matrix gathered row by row."""

    def __init__(self) -> None:
        self.counts: list[int] = []
        self.columns: list[int] = []
        self.values: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []

    def add(self, columns: list[int], lower: float, upper: float, values: list[float] | None = None) -> None:
        """A row, of ones unless told otherwise."""
        self.counts.append(len(columns))
        self.columns += columns
        self.values += [1.0] * len(columns) if values is None else values
        self.lower.append(lower)
        self.upper.append(upper)

    def add_literals(self, literals: list[int], lower: float, upper: float) -> None:
        """A row of CP-SAT's literals: -1 - n is the contrary of n."""
        negated = sum(literal < 0 for literal in literals)
        columns = [literal if literal >= 0 else -1 - literal for literal in literals]
        values = [1.0 if literal >= 0 else -1.0 for literal in literals]
        self.add(columns, lower - negated, upper - negated, values)

    def matrix(self, width: int) -> Array:
        """All rows, over so many columns."""
        import numpy as np
        from scipy import sparse  # heavy

        starts = np.concatenate([[0], np.cumsum(self.counts, dtype=np.int64)])
        return sparse.csr_array((self.values, self.columns, starts), shape=(len(self.lower), width))


def relaxation(proto: Any) -> LinearModel:
    """The relaxation of a CP-SAT model that is maximised and whose variables start at 0."""
    import numpy as np

    width = len(proto.variables)
    rows = Rows()
    for constraint in proto.constraints:
        _add_row(rows, constraint)
    cost = np.zeros(width)
    cost[list(proto.objective.vars)] = list(proto.objective.coeffs)
    return LinearModel(
        width,
        cost,
        rows.matrix(width),
        np.array(rows.lower),
        np.array(rows.upper),
        np.array([variable.domain[1] for variable in proto.variables], dtype=float),
        -proto.objective.offset,
    )


def _add_row(rows: Rows, constraint: Any) -> None:
    given = list(constraint.enforcement_literal)
    if constraint.has_linear() and not given:
        linear = constraint.linear
        lower, *_, upper = linear.domain
        rows.add(
            list(linear.vars),
            lower if lower > -FAR else -math.inf,
            upper if upper < FAR else math.inf,
            [float(value) for value in linear.coeffs],
        )
    elif constraint.has_at_most_one() and not given:
        rows.add_literals(list(constraint.at_most_one.literals), -math.inf, 1)
    elif constraint.has_bool_and() and given:
        contrary = [-1 - literal for literal in given]
        for literal in constraint.bool_and.literals:
            rows.add_literals([*contrary, literal], 1, math.inf)
    elif constraint.has_bool_or() and not given:
        rows.add_literals(list(constraint.bool_or.literals), 1, math.inf)
