"""Needs put in other words than the software sheets that answer them, judged by hand: a set to evaluate on.

`python -m tests.benchmarks.judged_needs SHEETS.jsonl FOLDER`, then
`python -m matching.evaluation --folder FOLDER` (with `--field short` or `english`). SHEETS holds one sheet of
the SILL a line: id, nom, fonction, description_wikidata_fr, secteur, composant. Two sets are written:
`sheets`, and `rich` with what else a sheet says (contexts of use, the English description; "Logiciel
informatique", which says nothing, left out).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

NEEDS = Path(__file__).with_name("judged_needs.jsonl")
POOR = ("fonction", "description_wikidata_fr")
RICH = (*POOR, "contexte_usage", "cas_usage_2018", "description_wikidata_en")
EMPTY = "Logiciel informatique"

Row = dict[str, str]


def main(sheets: Path, folder: Path) -> int:
    """Write both sets; a software the sheets do not hold is left out of the judgements."""
    rows: list[Row] = [json.loads(line) for line in sheets.read_text(encoding="utf-8").splitlines()]
    needs = [json.loads(line) for line in NEEDS.read_text(encoding="utf-8").splitlines()]
    for name, fields, dropped in (("sheets", POOR, ""), ("rich", RICH, EMPTY)):
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        _write_lines(place / "docs.jsonl", [_document(row, fields, dropped) for row in rows])
        _write_lines(place / "queries.jsonl", needs)
        judgements = [
            f"{need['id']}\t{row['id']}\t{need['relevant'][row['nom']]}"
            for need in needs
            for row in rows
            if row["nom"] in need["relevant"]
        ]
        text = "\n".join(["query_id\tdoc_id\tgrade", *judgements]) + "\n"
        (place / "qrels.tsv").write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(needs)} needs, {len(rows)} sheets\n")
    return 0


def _document(row: Row, fields: tuple[str, ...], dropped: str) -> dict[str, object]:
    said = dict.fromkeys(row[field] for field in fields if row.get(field) not in (None, "", dropped))
    labels = [row[field] for field in ("secteur", "composant") if row.get(field)]
    text = ". ".join([row["nom"], *said])
    return {"id": row["id"], "title": row["nom"], "text": text, "categories": labels}


def _write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
