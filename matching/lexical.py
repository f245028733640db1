"""BM25 over the words of the offers (Robertson and Zaragoza 2009; bm25s, Lù 2024, eager scoring).

Rows are those of the snapshot. Immutable once built.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


class LexicalIndex:
    """BM25 scores of every document for a bag of stems."""

    def __init__(self, documents: Sequence[Sequence[str]], *, k1: float = 1.2, b: float = 0.75) -> None:
        self._count = len(documents)
        self._vocabulary: dict[str, int] = {}
        ids = [[self._vocabulary.setdefault(stem, len(self._vocabulary)) for stem in d] for d in documents]
        self._frequencies = np.zeros(len(self._vocabulary), np.int64)
        for row in ids:
            self._frequencies[list(set(row))] += 1
        self._engine: Any = None
        if self._vocabulary:
            import bm25s

            self._engine = bm25s.BM25(method="lucene", k1=k1, b=b)
            self._engine.index((ids, self._vocabulary), show_progress=False, create_empty_token=False)

    def known(self, stems: Iterable[str]) -> list[str]:
        """The distinct stems present in at least one document, in their first order."""
        return [stem for stem in dict.fromkeys(stems) if stem in self._vocabulary]

    def scores(self, stems: Iterable[str]) -> Scores:
        """BM25 of every document, float32 [documents], zero where no word is shared."""
        found = [self._vocabulary[stem] for stem in self.known(stems)]
        if not found:
            return np.zeros(self._count, np.float32)
        return np.asarray(self._engine.get_scores_from_ids(found), np.float32)

    def rarity(self, stems: Iterable[str]) -> float:
        """Euclidean norm of the rarities of the distinct stems, those of no document included."""
        return float(np.linalg.norm(self.idf(dict.fromkeys(stems))))

    def idf(self, stems: Iterable[str]) -> NDArray[np.float64]:
        """Rarity of each stem, Lucene's form; a stem of no document has the highest."""
        ids = [self._vocabulary.get(stem, -1) for stem in stems]
        counts = np.array([self._frequencies[i] if i >= 0 else 0 for i in ids], np.float64)
        return np.asarray(np.log1p((self._count - counts + 0.5) / (counts + 0.5)))
