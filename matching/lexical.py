"""BM25 over the words of the offers (Robertson and Zaragoza 2009; bm25s, Lù 2024, eager scoring).

Rows are those of the snapshot. Immutable once built.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Counts = NDArray[np.int32]


class LexicalIndex:
    """BM25 scores of every document for a bag of stems."""

    def __init__(self, documents: Sequence[Sequence[str]], *, k1: float = 1.2, b: float = 0.75) -> None:
        self._count = len(documents)
        self._vocabulary: dict[str, int] = {}
        ids = [[self._vocabulary.setdefault(stem, len(self._vocabulary)) for stem in d] for d in documents]
        self._frequencies = np.zeros(len(self._vocabulary), np.int64)
        for row in ids:
            self._frequencies[list(set(row))] += 1
        self._starts, self._rows, self._values = _index(ids, self._vocabulary, k1, b)

    def known(self, stems: Iterable[str]) -> list[str]:
        """The distinct stems present in at least one document, in their first order."""
        return [stem for stem in dict.fromkeys(stems) if stem in self._vocabulary]

    def scores(self, stems: Iterable[str]) -> tuple[Scores, Counts]:
        """BM25 of every document, float32 [documents], and how many distinct stems it shares, int32."""
        totals, shared = np.zeros(self._count, np.float32), np.zeros(self._count, np.int32)
        for stem in self.known(stems):
            column = self._vocabulary[stem]
            span = slice(int(self._starts[column]), int(self._starts[column + 1]))
            totals[self._rows[span]] += self._values[span]
            shared[self._rows[span]] += 1
        return totals, shared

    def rarity(self, stems: Iterable[str]) -> float:
        """Euclidean norm of the rarities of the distinct stems, those of no document included."""
        return float(np.linalg.norm(self.idf(dict.fromkeys(stems))))

    def idf(self, stems: Iterable[str]) -> NDArray[np.float64]:
        """Rarity of each stem, Lucene's form; a stem of no document has the highest."""
        ids = [self._vocabulary.get(stem, -1) for stem in stems]
        counts = np.array([self._frequencies[i] if i >= 0 else 0 for i in ids], np.float64)
        return np.asarray(np.log1p((self._count - counts + 0.5) / (counts + 0.5)))


def _index(
    ids: list[list[int]], vocabulary: dict[str, int], k1: float, b: float
) -> tuple[NDArray[np.int64], Counts, Scores]:
    """Per stem, the documents that hold it and what it is worth there, as compressed columns."""
    if not vocabulary:
        return np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32)
    import bm25s

    engine = bm25s.BM25(method="lucene", k1=k1, b=b)
    engine.index((ids, vocabulary), show_progress=False, create_empty_token=False)
    columns = engine.scores
    return (
        np.asarray(columns["indptr"], np.int64),
        np.asarray(columns["indices"], np.int32),
        np.asarray(columns["data"], np.float32),
    )
