"""Vectors of a set, kept in a folder between runs when one is given."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import TypeVar
from zipfile import BadZipFile

import numpy as np

from matching.evaluation.sets import UnreadableSet
from matching.retrieval.encoder import Encoder, encode_offers, text_hash
from matching.retrieval.pair import parts_of, side_by_side
from matching.retrieval.text import OfferText
from matching.retrieval.types import Vectors

Text = TypeVar("Text", str, OfferText)


class VectorCache:
    """Encodes each distinct text once; `folder` None keeps nothing after the run."""

    def __init__(self, encoder: Encoder, folder: Path | None) -> None:
        self._encoder = encoder
        self._parts = [VectorCache(part, folder) for part in parts_of(encoder) if part is not encoder]
        name = hashlib.sha256(encoder.fingerprint.encode()).hexdigest()[:16]
        self._folder = folder / name if folder else None
        self._known: dict[str, Vectors] = {}
        if self._folder:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise UnreadableSet(f"{folder}: vectors cannot be kept there ({error})") from error
            for file in sorted(self._folder.glob("*.npz")):
                self._load(file)

    def _load(self, file: Path) -> None:
        """Take the vectors of a file; one that a crash cut short counts for nothing."""
        with (
            contextlib.suppress(OSError, EOFError, KeyError, ValueError, BadZipFile),
            np.load(BytesIO(file.read_bytes())) as stored,
        ):
            self._known.update(zip(stored["keys"].tolist(), stored["rows"], strict=True))

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Float32 [n, d], in the order given."""
        if self._parts:
            return side_by_side([part.queries(texts) for part in self._parts])
        return self._encode("q", self._encoder.encode_queries, texts)

    def offers(self, texts: Sequence[OfferText]) -> Vectors:
        """Float32 [n, d], in the order given."""
        if self._parts:
            return side_by_side([part.offers(texts) for part in self._parts])
        return self._encode("o", lambda missing: encode_offers(self._encoder, missing), texts)

    def _encode(
        self, side: str, encode: Callable[[Sequence[Text]], Vectors], texts: Sequence[Text]
    ) -> Vectors:
        keys = [f"{side}{text_hash(text)}" for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            rows = encode(list(missing.values()))
            self._known.update(zip(missing, rows, strict=True))
            if self._folder:
                name = hashlib.sha256("".join(missing).encode()).hexdigest()[:16]
                np.savez(self._folder / f"{name}.npz", keys=np.array(list(missing)), rows=rows)
        return np.stack([self._known[key] for key in keys])
