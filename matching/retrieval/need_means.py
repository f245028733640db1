"""What a need is moved by before it is compared with offers: the mean of needs written in its register.

A sentence in the first person, a title, a page, a line of English: encoders put each register in a place of
its own, and what tells registers apart tells nothing of what is asked. The register of a need is the one
whose mean is nearest to it, by each encoder on its own. The means are fixed per revision of this library,
never learned from a portal's needs: what somebody else writes must not move anybody's list.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from matching.errors import InvalidVector
from matching.retrieval.encoder import Encoder
from matching.retrieval.types import Vectors
from matching.retrieval.vectors import unit

WRITTEN = Path(__file__).with_name("registers.json")
COMPUTED = Path(__file__).with_name("register_means.json")
Registers = Mapping[str, Vectors]
"""Register to the mean [d] of needs written so."""


class NeedMeans:
    """The means by register of each encoder of a matcher, or one mean for every need where it is given."""

    def __init__(self, encoders: Sequence[Encoder]) -> None:
        self._encoders = tuple(encoders)
        self._edges = tuple(np.cumsum([0, *(encoder.dimension for encoder in encoders)]).tolist())
        self._registers: list[Registers] | None = None
        self._given: tuple[Vectors, ...] | None = None

    def give(self, mean: Vectors | None) -> None:
        """Move every need by this mean [d], of rows as encoded; None goes back to the registers."""
        if mean is None:
            self._given = None
            return
        vector = np.asarray(mean, np.float32)
        if vector.shape != (self._edges[-1],) or not np.isfinite(vector).all():
            raise InvalidVector(f"a mean is one finite vector of {self._edges[-1]} numbers")
        scale = np.float32(np.sqrt(len(self._encoders)))
        self._given = tuple(vector[a:b] * scale for a, b in pairwise(self._edges))

    def of(self, vector: Vectors) -> tuple[Vectors, ...]:
        """The mean of each part for a need encoded as `vector` [d]."""
        if self._given is not None:
            return self._given
        if self._registers is None:
            self._registers = [registers_of(encoder) for encoder in self._encoders]
        spans = zip(self._registers, pairwise(self._edges), strict=True)
        return tuple(means[nearest(means, vector[a:b])] for means, (a, b) in spans)

    def source(self) -> str:
        """ "given", or the revision of the means by register."""
        return "given" if self._given is not None else str(_read(WRITTEN)["revision"])


def nearest(means: Registers, vector: Vectors) -> str:
    """The register whose mean has the largest cosine with this vector [d]; the first of equals."""
    names = list(means)
    cosines = unit(np.stack([means[name] for name in names])) @ vector
    return names[int(np.argmax(cosines))]


def registers_of(encoder: Encoder) -> Registers:
    """The means shipped for this encoder, or those of the needs written for this library, encoded now."""
    shipped = _read(COMPUTED)["means"].get(encoder.fingerprint)
    if shipped is not None:
        return {name: _decoded(packed) for name, packed in shipped.items()}
    return {
        name: np.asarray(encoder.encode_queries(texts).mean(axis=0), np.float32)
        for name, texts in written_registers().items()
    }


def written_registers() -> Mapping[str, Sequence[str]]:
    """Needs by register, written for this library."""
    written: Mapping[str, Sequence[str]] = _read(WRITTEN)["registers"]
    return written


def encoded(mean: Vectors) -> str:
    """A mean as text, in half precision."""
    return base64.b64encode(mean.astype("<f2").tobytes()).decode()


def _decoded(half_precision: str) -> Vectors:
    return np.frombuffer(base64.b64decode(half_precision), "<f2").astype(np.float32)


@lru_cache(maxsize=2)
def _read(path: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
