"""Nearest vectors among the eligible rows: one contract, several stores.

`NumpyIndex` is the reference, `FaissIndex` the default for many offers, `PgVectorIndex` the shared one.
"""

from matching.retrieval.index.contract import Hits, VectorIndex, gather_search, keep_best
from matching.retrieval.index.faiss_index import FaissIndex
from matching.retrieval.index.numpy_index import NumpyIndex
from matching.retrieval.index.pgvector_index import PgVectorIndex

__all__ = ["FaissIndex", "Hits", "NumpyIndex", "PgVectorIndex", "VectorIndex", "gather_search", "keep_best"]
