"""Arguments in, a table, JSON or a report out.

Exit 0, or 2 when a file cannot be read or the encoder cannot be had.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import astuple, fields
from math import isfinite
from pathlib import Path

from matching.errors import MatchingError
from matching.evaluation.compare import Comparison, compare
from matching.evaluation.judged import JudgedTable, judged_table, read_orders
from matching.evaluation.report import SetReport, as_json, as_markdown, as_table
from matching.evaluation.sets import UnreadableSet, read_set
from matching.evaluation.systems import SetRunner
from matching.evaluation.vectors import VectorCache
from matching.retrieval.encoder import BUNDLED, BUNDLED_SECOND, Encoder
from matching.retrieval.pair import load_pair
from matching.retrieval.ranking import FusionSettings

SetPaths = tuple[Path, Path, Path]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tool."""
    options = _parser().parse_args(arguments)
    try:
        reports = evaluate(options)
    except MatchingError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 2
    if options.report:
        options.report.write_text(as_markdown(reports), encoding="utf-8")
    sys.stdout.write(as_json(reports) if options.json else as_table(reports))
    return 0


def evaluate(options: argparse.Namespace) -> list[SetReport]:
    """One report per set and form of the queries."""
    paths = _paths(options)
    if options.report and (options.report.is_dir() or not options.report.parent.is_dir()):
        raise UnreadableSet(f"{options.report}: a report cannot be written there")
    sets = [read_set(*three, field=options.field, categories=options.categories) for three in paths]
    nowhere = frozenset.intersection(*(one.unknown for one in sets))
    if nowhere:
        raise UnreadableSet(f"no set has the field {min(nowhere)!r}")
    second = options.second or (BUNDLED_SECOND if options.model == BUNDLED else "none")
    encoder = load_pair(options.model, options.revision, "" if second == "none" else second)
    cache = VectorCache(encoder, options.cache)
    reports = []
    for three, one in zip(paths, sets, strict=True):
        runner = SetRunner(encoder, one, cache)
        run = runner.run(_fusion(options.config))
        versus: Comparison | None = None
        if options.against:
            versus = compare(run.per_query["full"], runner.run(_fusion(options.against)).per_query["full"])
        judged = _judged(options, three, encoder, cache) if options.judged or options.orders else None
        reports.append(SetReport(one, encoder.fingerprint, run, versus, judged))
    return reports


def _judged(
    options: argparse.Namespace, paths: SetPaths, encoder: Encoder, cache: VectorCache
) -> JudgedTable:
    """Precision over the judged documents, of the systems as they rank today and of the orders given."""
    asked = read_set(*paths, field=options.field, categories=options.categories, judged=True)
    orders = SetRunner(encoder, asked, cache).orders(_fusion(options.config))
    given = read_orders(options.orders) if options.orders else {}
    named = {f"given:{signal}": ranked for signal, ranked in given.items()}
    return judged_table({**orders, **named}, asked.judgements)


def _paths(options: argparse.Namespace) -> list[SetPaths]:
    if options.folder:
        folders = sorted(path.parent for path in options.folder.glob("*/docs.jsonl"))
        if not folders:
            raise UnreadableSet(f"{options.folder.name}: no set in this folder")
        return [(f / "docs.jsonl", f / "queries.jsonl", f / "qrels.tsv") for f in folders]
    if options.docs and options.queries and options.qrels:
        return [(options.docs, options.queries, options.qrels)]
    raise UnreadableSet("give --docs, --queries and --qrels, or --folder")


def _fusion(config: Path | None) -> FusionSettings:
    """Settings of the fusion from a JSON object; what it leaves out keeps its default."""
    if config is None:
        return FusionSettings()
    try:
        values = json.loads(config.read_text(encoding="utf-8"))
        known = {field.name for field in fields(FusionSettings)}
        if not isinstance(values, dict) or set(values) - known:
            raise UnreadableSet(f"{config.name}: expected an object with keys among {sorted(known)}")
        settings = FusionSettings(**{key: float(value) for key, value in values.items()})
    except (OSError, ValueError, TypeError) as error:
        raise UnreadableSet(f"{config.name}: {error}") from error
    if not all(map(isfinite, astuple(settings))):
        raise UnreadableSet(f"{config.name}: settings are finite numbers")
    return settings


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matching.evaluation", description=__doc__)
    parser.add_argument("--docs", type=Path, help="JSON lines: id, title, text, ...")
    parser.add_argument("--queries", type=Path, help="JSON lines: id, text, short, ...")
    parser.add_argument("--qrels", type=Path, help="query_id, doc_id, grade; with a heading")
    parser.add_argument("--folder", type=Path, help="every set in the folders of this one")
    parser.add_argument("--field", default="text", help="form of the queries (text where they lack it)")
    parser.add_argument("--categories", nargs="*", default=[], help="document fields indexed as labels")
    parser.add_argument("--model", default="bundled", help="bundled, a hub name or a folder")
    parser.add_argument("--revision", default=None, help="revision of a hub model")
    parser.add_argument("--second", default=None, help="second encoder: bundled-use, a model, or none")
    parser.add_argument("--cache", type=Path, default=None, help="folder that keeps vectors between runs")
    parser.add_argument("--config", type=Path, default=None, help="JSON settings of the fusion")
    parser.add_argument("--against", type=Path, default=None, help="JSON settings to compare with")
    parser.add_argument("--judged", action="store_true", help="precision over judged documents, by system")
    parser.add_argument("--orders", type=Path, default=None, help="orders a portal has shown, by signal")
    parser.add_argument("--report", type=Path, default=None, help="write a Markdown report here")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser
