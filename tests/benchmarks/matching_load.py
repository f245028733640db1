"""Synthetic offers in any number: realistic lengths and word frequencies, random vectors. Speed only."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from matching.criteria.types import Criterion, Fact, Level
from matching.retrieval.matcher import Matcher
from matching.retrieval.types import Offer, Vectors
from matching.retrieval.vectors import unit

DIMENSION = 384
CRITERIA = (
    Criterion("secnumcloud"),
    Criterion("open_source"),
    Criterion("sme"),
    Criterion("eu_hosting", implied_by=("france_hosting",)),
    Criterion("france_hosting"),
)
SHARE_OF_RANK = 1.0 / (np.arange(30_000) + 40.0)
SHARE_OF_RANK /= SHARE_OF_RANK.sum()
SHARES = {"secnumcloud": 0.01, "open_source": 0.1, "sme": 0.5, "eu_hosting": 0.7, "france_hosting": 0.4}


class NoEncoder:
    """Stands where an encoder is asked for and every vector is given."""

    fingerprint = "synthetic"
    dimension = DIMENSION

    def encode_queries(self, texts: object) -> Vectors:
        """Never called: the benchmarks give the query's vector."""
        raise NotImplementedError

    encode_documents = encode_queries


def random_rows(count: int, seed: int = 0, *, clusters: int = 200) -> Vectors:
    """Unit rows float32 [count, 384] around cluster centres, as embeddings of texts are."""
    draw = np.random.default_rng(seed)
    centres = draw.standard_normal((clusters, DIMENSION), np.float32)
    rows = np.empty((count, DIMENSION), np.float32)
    for start in range(0, count, 100_000):
        stop = min(start + 100_000, count)
        chosen = centres[draw.integers(0, clusters, stop - start)]
        rows[start:stop] = unit(chosen + 1.2 * draw.standard_normal((stop - start, DIMENSION), np.float32))
    return rows


def random_text(draw: np.random.Generator, words: int) -> str:
    """Words drawn by Zipf and Mandelbrot's law without its 40 commonest, which are empty words."""
    return " ".join(f"mot{rank}" for rank in draw.choice(len(SHARE_OF_RANK), words, p=SHARE_OF_RANK))


def random_offers(count: int, seed: int = 0) -> list[Offer]:
    """Offers of 30 to 120 words whose facts are drawn by SHARES."""
    draw = np.random.default_rng(seed)
    offers = []
    for number in range(count):
        facts = {
            key: Fact(bool(draw.random() < share), Level(int(draw.integers(1, 3))))
            for key, share in SHARES.items()
            if draw.random() < 0.8
        }
        text = random_text(draw, int(draw.integers(30, 120)))
        offers.append(Offer(number, "market", f"Offre {number}", "", text, facts=facts))
    return offers


def loaded_matcher(count: int) -> Matcher:
    """A matcher over `count` synthetic offers."""
    offers, rows = random_offers(count), random_rows(count)
    matcher = Matcher(NoEncoder(), CRITERIA)
    matcher.upsert(offers, {offer.id: rows[i : i + 1] for i, offer in enumerate(offers)})
    return matcher


def timed_ms(call: Callable[[], object], repeats: int = 30) -> tuple[float, float]:
    """Median and 95th percentile of a call, milliseconds, after two calls to warm up."""
    for _ in range(2):
        call()
    laps = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        laps.append((time.perf_counter() - started) * 1000)
    return float(np.median(laps)), float(np.percentile(laps, 95))
