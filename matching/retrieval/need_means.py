"""What needs are centred on before they are compared with offers: means by language, or for all, and apart
for needs said in a few words.
"""

from __future__ import annotations

import numpy as np

from matching.errors import InvalidVector
from matching.retrieval.shipped_mean import Means, shipped_means
from matching.retrieval.types import Vectors

BRIEF_CHARS = 160
"""Up to here a need is a few words. Judged needs of one sentence, with shipped means: nDCG@10 0.35 on that of
titles, 0.30 on that of whole needs; in English, 0.41 on that of English titles, 0.32 on the French one."""


class NeedMeans:
    """The means given by the portal; without any, those shipped with the encoder; without them, the
    offers'.
    """

    def __init__(self, fingerprint: str, dimension: int) -> None:
        self._dimension = dimension
        self._shipped = shipped_means(fingerprint)
        self._given: dict[str | None, Means] = {}

    def give(self, mean: Vectors | None, language: str | None, brief: Vectors | None = None) -> None:
        """Keep a mean [d] for a language (None: for every language without its own); None forgets it.

        `brief` [d] serves needs of a few words; without it `mean` serves them too.
        """
        given = dict(self._given)
        given.pop(language, None)
        if mean is not None:
            long = self._checked(mean)
            given[language] = Means(long, long if brief is None else self._checked(brief))
        self._given = given

    def of(self, language: str, text: str) -> Vectors | None:
        """The mean for a need with this text in this language; None leaves the offers' own."""
        given, shipped = self._given, self._shipped
        means = given.get(language) or given.get(None) or shipped.get(language) or shipped.get("fr")
        if means is None:
            return None
        return means.brief if len(text) <= BRIEF_CHARS else means.long

    def source(self, language: str) -> str:
        """ "given" for the language or for all, "shipped", or "offers"."""
        if language in self._given or None in self._given:
            return "given"
        return "shipped" if self._shipped else "offers"

    def _checked(self, mean: Vectors) -> Vectors:
        vector = np.asarray(mean, np.float32)
        if vector.shape != (self._dimension,) or not np.isfinite(vector).all():
            raise InvalidVector(f"a mean is one finite vector of {self._dimension} numbers")
        return vector
