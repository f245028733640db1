"""Nearest vectors among the eligible rows: one contract, several stores.

`NumpyIndex` is the reference, `FaissIndex` the default for many offers, `PgVectorIndex` the shared one.
"""

from matching.index.contract import Hits, VectorIndex, gather_search, keep_best
from matching.index.faiss_index import FaissIndex
from matching.index.numpy_index import NumpyIndex
from matching.index.pgvector_index import PgVectorIndex

__all__ = ["FaissIndex", "Hits", "NumpyIndex", "PgVectorIndex", "VectorIndex", "gather_search", "keep_best"]
