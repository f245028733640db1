"""Two unlike encoders behind one door: the vector of a text is that of the first, then that of the second.

Whoever stores vectors sees one encoder, one fingerprint and one row; the space of the offers takes the two
parts in hand apart, as they have neither the same scale nor the same centre.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matching.retrieval.encoder import BUNDLED, BUNDLED_SECOND, Encoder, load_encoder
from matching.retrieval.types import Vectors


class PairedEncoder:
    """`first` and `second` side by side; rows have length 1, and each part half of its square."""

    def __init__(self, first: Encoder, second: Encoder) -> None:
        self.parts = (first, second)

    @property
    def fingerprint(self) -> str:
        """Both fingerprints: another second encoder makes other vectors."""
        return " + ".join(part.fingerprint for part in self.parts)

    @property
    def dimension(self) -> int:
        """Width of both parts together."""
        return sum(part.dimension for part in self.parts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Float32 [n, d1 + d2]."""
        return side_by_side([part.encode_queries(texts) for part in self.parts])

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Float32 [n, d1 + d2]."""
        return side_by_side([part.encode_documents(texts) for part in self.parts])


def side_by_side(parts: Sequence[Vectors]) -> Vectors:
    """Rows of each part as rows of the pair."""
    return np.asarray(np.concatenate(parts, axis=1) / np.float32(np.sqrt(len(parts))), np.float32)


def parts_of(encoder: Encoder) -> tuple[Encoder, ...]:
    """The encoders a vector comes from: itself alone, or those of a pair."""
    return encoder.parts if isinstance(encoder, PairedEncoder) else (encoder,)


def load_pair(model: str = BUNDLED, revision: str | None = None, second: str = BUNDLED_SECOND) -> Encoder:
    """The encoder named by `model` with the one named by `second` beside it; alone where that is empty.

    Raises EncoderUnavailable.
    """
    first = load_encoder(model, revision)
    return PairedEncoder(first, load_encoder(second)) if second else first
