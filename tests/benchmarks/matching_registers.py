"""Recompute the shipped means of needs by register.

`python -m tests.benchmarks.matching_registers seed_data/needs.json [STORIES.jsonl] > means.json` writes what
 `matching/retrieval/register_means.json` holds, for both bundled encoders: the needs written for the
library, the demonstration needs, the development needs judged by hand, and, where given, a file of real ones
(`text` told at length, `short` as a title). Means only are kept: none of these texts can be read back.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from matching.retrieval.need_means import encoded, written_registers
from matching.retrieval.pair import load_pair, parts_of
from matching.retrieval.text import join_parts

JUDGED = Path(__file__).with_name("judged_needs.jsonl")
FORMS = {"text": "fr-sentence", "short": "fr-brief", "english": "en-brief"}


def main(seed: Path, stories: Path | None) -> int:
    """Print the JSON file."""
    registers = {name: list(texts) for name, texts in written_registers().items()}
    for need in _lines(JUDGED):
        for form, register in FORMS.items():
            registers[register].append(need[form])
    needs = json.loads(seed.read_text(encoding="utf-8"))
    registers["fr-page"] = [join_parts(need["title"], need.get("description") or "") for need in needs]
    if stories:
        told = _lines(stories)
        registers["fr-story"] = [need["text"] for need in told]
        registers["fr-title"] = [need.get("short") or need["text"] for need in told]
    means = {
        encoder.fingerprint: {
            name: encoded(encoder.encode_queries(texts).mean(axis=0)) for name, texts in registers.items()
        }
        for encoder in parts_of(load_pair())
    }
    sizes = {name: len(texts) for name, texts in registers.items()}
    json.dump({"about": ABOUT, "needs": sizes, "means": means}, sys.stdout, indent=1)
    return 0


ABOUT = "Means in half precision, base64, by tests/benchmarks/matching_registers.py; see registers.json."


def _lines(path: Path) -> Sequence[Mapping[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None))
