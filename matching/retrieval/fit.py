"""Whether an offer answers a need, told apart from its rank: strong, possible or weak.

A rank is not an answer: something always comes first. The fit is a logistic reading of what each signal says
of the offer, of how much of the need's words the catalogue knows, and of the need's subject; its few weights
are fitted on needs that a catalogue answers and needs that it does not (Platt 1999). "Nothing fits" is an
answer.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import Any

import numpy as np

from matching.retrieval.types import Fit, Vectors

FITTED = Path(__file__).with_name("fit.json")
ANY = "any"


@dataclass(frozen=True, slots=True)
class Calibration:
    """`weights` by kind of evidence; `possible` and `strong` are probabilities from which an offer is so."""

    subject: Vectors | None
    subject_bias: float
    weights: Mapping[str, float]
    bias: float
    possible: float
    strong: float

    def subject_of(self, vector: Vectors) -> float:
        """How far a need [d] speaks of what such catalogues serve; 0 where this is not fitted."""
        return 0.0 if self.subject is None else float(self.subject @ vector) + self.subject_bias

    def probability(self, evidence: Mapping[str, float]) -> float:
        """That the offer answers the need; evidence left out counts for nothing."""
        told = self.bias + sum(weight * evidence.get(name, 0.0) for name, weight in self.weights.items())
        return 1.0 / (1.0 + exp(-max(min(told, 50.0), -50.0)))

    def fit(self, probability: float) -> Fit:
        """In words."""
        if probability >= self.strong:
            return Fit.STRONG
        return Fit.POSSIBLE if probability >= self.possible else Fit.WEAK


@lru_cache(maxsize=4)
def calibration(fingerprint: str) -> Calibration:
    """The one fitted for these encoders, else the one that leaves the subject aside."""
    fits: Mapping[str, Any] = json.loads(FITTED.read_text(encoding="utf-8"))["fits"]
    found = fits.get(fingerprint, fits[ANY])
    packed = found["subject"]
    subject = np.frombuffer(base64.b64decode(packed), "<f2").astype(np.float32) if packed else None
    numbers = (found[name] for name in ("bias", "possible", "strong"))
    return Calibration(subject, found["subject_bias"], found["weights"], *numbers)


def best_fit(fits: Iterable[Fit]) -> Fit:
    """The fit of a whole answer: that of its best offer, NOTHING where none is more than weak."""
    return min(
        {*fits} & {Fit.STRONG, Fit.POSSIBLE}, key=[Fit.STRONG, Fit.POSSIBLE].index, default=Fit.NOTHING
    )


STRONG_SHARE, POSSIBLE_SHARE = 0.6, 0.35
"""Of the best score: an offer far behind the best is not as good an answer, whatever the need."""


def tempered(fit: Fit, share: float) -> Fit:
    """The fit of an offer whose score is this share of the best one."""
    if fit is Fit.STRONG and share < STRONG_SHARE:
        fit = Fit.POSSIBLE
    return Fit.WEAK if share < POSSIBLE_SHARE else fit
