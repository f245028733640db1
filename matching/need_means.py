"""What needs are centred on before they are compared with offers: a mean per language, or one for all."""

from __future__ import annotations

import numpy as np

from matching.errors import InvalidVector
from matching.shipped_mean import shipped_need_mean
from matching.types import Vectors


class NeedMeans:
    """The means given by the portal; without any, the one shipped with the encoder; without it, the
    offers'.
    """

    def __init__(self, fingerprint: str, dimension: int) -> None:
        self._dimension = dimension
        self._shipped = shipped_need_mean(fingerprint)
        self._given: dict[str | None, Vectors] = {}

    def give(self, mean: Vectors | None, language: str | None) -> None:
        """Keep a mean [d] for a language (None: for every language without its own); None forgets it."""
        given = dict(self._given)
        given.pop(language, None)
        if mean is not None:
            vector = np.asarray(mean, np.float32)
            if vector.shape != (self._dimension,) or not np.isfinite(vector).all():
                raise InvalidVector(f"a mean is one finite vector of {self._dimension} numbers")
            given[language] = vector
        self._given = given

    def of(self, language: str) -> Vectors | None:
        """The mean for needs in this language; None leaves the offers' own."""
        given = self._given
        return given.get(language, given.get(None, self._shipped))

    def source(self, language: str) -> str:
        """ "given" for the language or for all, "shipped", or "offers"."""
        if language in self._given or None in self._given:
            return "given"
        return "offers" if self._shipped is None else "shipped"
