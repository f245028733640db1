"""Stand-ins for what is slow or outside: no mocks, real small implementations."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from matching.retrieval.stems import tokens
from matching.retrieval.types import Vectors


class HashingEncoder:
    """A bag of stems hashed into few dimensions: instant, deterministic, common words bring texts close."""

    def __init__(self, dimension: int = 32, name: str = "hashing") -> None:
        self._dimension = dimension
        self._name = name
        self.encoded = 0

    @property
    def fingerprint(self) -> str:
        """Name and width, as a real encoder has."""
        return f"{self._name}:{self._dimension}"

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        return self._dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Float32 [n, dimension], L2-normalised."""
        return self._encode(texts)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Float32 [n, dimension], L2-normalised."""
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        rows = np.full((len(texts), self._dimension), 0.05, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for stem in tokens(text) or [text]:
                digest = zlib.crc32(stem.encode())
                row[digest % self._dimension] += 1.0 if digest & 1024 else -0.6
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
