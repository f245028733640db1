"""Recompute the shipped means of needs: `python -m tests.benchmarks.matching_need_mean seed_data/needs.json`.

Prints the constants of `matching/retrieval/shipped_mean.py`.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import numpy as np

from matching.retrieval.encoder import load_encoder
from matching.retrieval.text import need_text
from matching.retrieval.types import Need
from matching.retrieval.vectors import estimate_mean

ENGLISH_TITLES = Path(__file__).with_name("need_titles_en.txt")


def main(path: Path) -> int:
    """Encode every need of the file, whole and by its title alone, and average both, then the titles, then
    the same titles in English.
    """
    needs = json.loads(path.read_text(encoding="utf-8"))
    texts = [
        need_text(Need(str(n["title"]), str(n.get("text") or n.get("description") or ""))) for n in needs
    ]
    titles = [str(need["title"]) for need in needs]
    encoder = load_encoder()
    whole, brief = encoder.encode_queries(texts), encoder.encode_queries(titles)
    english = encoder.encode_queries(ENGLISH_TITLES.read_text(encoding="utf-8").splitlines())
    sys.stdout.write(f'FINGERPRINT = "{encoder.fingerprint}"\n')
    for name, rows in (
        ("_ANY_NEED", np.concatenate([whole, brief])),
        ("_BRIEF_NEED", brief),
        ("_BRIEF_ENGLISH_NEED", english),
    ):
        mean = estimate_mean(rows, strength=0.0)
        packed = base64.b64encode(mean.astype("<f2").tobytes()).decode()
        lines = "\n".join(packed[i : i + 100] for i in range(0, len(packed), 100))
        sys.stdout.write(
            f'# {len(rows)} texts, norm {np.linalg.norm(mean):.4f}\n{name} = """\n{lines}\n"""\n'
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
