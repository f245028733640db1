"""What needs are centred on before they are compared with offers: a mean per language, or one for all, and
one for needs said in a few words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.errors import InvalidVector
from matching.shipped_mean import shipped_brief_mean, shipped_need_mean
from matching.types import Vectors

BRIEF_CHARS = 160
"""Up to here a need is a few words: on judged needs of one sentence, nDCG@10 is 0.35 centred on the shipped
mean of titles and 0.30 on that of whole needs."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Means [d] for needs told at length and for brief ones; None leaves the offers' own."""

    long: Vectors | None
    brief: Vectors | None


class NeedMeans:
    """The means given by the portal; without any, those shipped with the encoder; without them, the
    offers'.
    """

    def __init__(self, fingerprint: str, dimension: int) -> None:
        self._dimension = dimension
        self._shipped = _Pair(shipped_need_mean(fingerprint), shipped_brief_mean(fingerprint))
        self._given: dict[str | None, _Pair] = {}

    def give(self, mean: Vectors | None, language: str | None, brief: Vectors | None = None) -> None:
        """Keep a mean [d] for a language (None: for every language without its own); None forgets it.

        `brief` [d] serves needs of a few words; without it `mean` serves them too.
        """
        given = dict(self._given)
        given.pop(language, None)
        if mean is not None:
            long = self._checked(mean)
            given[language] = _Pair(long, long if brief is None else self._checked(brief))
        self._given = given

    def of(self, language: str, text: str) -> Vectors | None:
        """The mean for a need with this text in this language; None leaves the offers' own."""
        given = self._given
        pair = given.get(language, given.get(None, self._shipped))
        return pair.brief if len(text) <= BRIEF_CHARS else pair.long

    def source(self, language: str) -> str:
        """ "given" for the language or for all, "shipped", or "offers"."""
        if language in self._given or None in self._given:
            return "given"
        return "offers" if self._shipped.long is None else "shipped"

    def _checked(self, mean: Vectors) -> Vectors:
        vector = np.asarray(mean, np.float32)
        if vector.shape != (self._dimension,) or not np.isfinite(vector).all():
            raise InvalidVector(f"a mean is one finite vector of {self._dimension} numbers")
        return vector
