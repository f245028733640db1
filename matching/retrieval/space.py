"""Where offers and needs are compared: centred, softly whitened, each encoder's part on its own.

What centring leaves still varies most along a few directions that tell register rather than meaning. Soft
whitening (ZCA with a strong ridge; after Su et al. 2021, "Whitening sentence representations") shrinks those
only. A second encoder's part keeps its REDUCED first principal axes: a catalogue has no more to tell apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from matching.retrieval.types import Vectors
from matching.retrieval.vectors import centre, estimate_mean, unit

RIDGE = 20.0
COVARIANCE_PRIOR = 100.0
REDUCED = 256
CHUNK_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Part:
    """One encoder's part: the offers' `mean` [d] and the linear map `whitening` [d, w]."""

    mean: Vectors
    whitening: Vectors

    def place(self, rows: Vectors, mean: Vectors | None = None) -> Vectors:
        """Unit rows float32 [n, w], moved by `mean` (the offers' own when None).

        In double precision: a product rounds a row after its neighbours, and equal offers must stay equal.
        """
        moved = np.atleast_2d(centre(unit(rows), self.mean if mean is None else mean))
        linear = self.whitening.astype(np.float64)
        placed = np.empty((len(moved), linear.shape[1]), np.float32)
        for start in range(0, len(moved), CHUNK_ROWS):
            chunk = slice(start, start + CHUNK_ROWS)
            placed[chunk] = unit(moved[chunk].astype(np.float64) @ linear)
        return placed


@dataclass(frozen=True, slots=True)
class Space:
    """The parts of a vector, in order; `edges` are where each begins in an encoded row, and the end."""

    parts: tuple[Part, ...]
    edges: tuple[int, ...]

    @property
    def widths(self) -> tuple[int, ...]:
        """Width of each part once placed."""
        return tuple(part.whitening.shape[1] for part in self.parts)

    def place(self, rows: Vectors, means: Sequence[Vectors | None] | None = None) -> Vectors:
        """Rows [n, d] as rows [n, sum of widths], each part of length 1, moved by its mean among `means`."""
        rows = np.atleast_2d(rows)
        given = means or [None] * len(self.parts)
        spans = zip(self.parts, pairwise(self.edges), given, strict=True)
        return np.concatenate([part.place(rows[:, a:b], mean) for part, (a, b), mean in spans], axis=1)


def placed_width(widths: Sequence[int]) -> int:
    """Width of a placed row, from the widths of the encoders."""
    first, *others = widths
    return first + sum(min(width, REDUCED) for width in others)


def fit_space(rows: Vectors, widths: Sequence[int] | None = None) -> Space:
    """The space of these offers [n, d]; with few of them it stays close to the raw one.

    `widths` are those of the encoders that made the rows, one after the other; None for one alone.
    """
    edges = _edges(widths or [rows.shape[1]])
    parts = [_fit_part(unit(rows[:, a:b]), REDUCED if a else b) for a, b in pairwise(edges)]
    return Space(tuple(parts), edges)


def raw_space(widths: Sequence[int]) -> Space:
    """No centring, no whitening: what is left without any offer."""
    edges = _edges(widths)
    parts = [
        Part(
            np.zeros(b - a, np.float32),
            np.eye(b - a, REDUCED if a and b - a > REDUCED else b - a, dtype=np.float32),
        )
        for a, b in pairwise(edges)
    ]
    return Space(tuple(parts), edges)


def _fit_part(rows: Vectors, most: int) -> Part:
    mean = estimate_mean(rows)
    centred = centre(rows, mean).astype(np.float64)
    width = rows.shape[1]
    total = len(rows) + COVARIANCE_PRIOR
    covariance = (centred.T @ centred + np.eye(width) * COVARIANCE_PRIOR / width) / total
    values, axes = np.linalg.eigh(covariance)
    ridge = RIDGE * float(values.mean())
    scale = np.sqrt(ridge / (np.maximum(values, 0.0) + ridge))
    if width <= most:
        return Part(mean, np.asarray((axes * scale) @ axes.T, np.float32))
    return Part(mean, np.asarray((axes * scale)[:, -most:], np.float32))


def _edges(widths: Sequence[int]) -> tuple[int, ...]:
    return tuple(np.cumsum([0, *widths]).tolist())
