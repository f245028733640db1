"""Figures as a table, as JSON, and as a Markdown report with the queries that went worst."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from matching.evaluation.compare import Comparison, compare
from matching.evaluation.judged import DEPTHS, FEW_QUERIES, JudgedTable, Precision
from matching.evaluation.metrics import METRICS
from matching.evaluation.sets import EvaluationSet
from matching.evaluation.systems import NEED_MEAN, Run
from matching.retrieval.text import need_text

WORST = 10
JUDGED_TITLE = (
    f"Precision over judged documents, others skipped (n: needs; ? under {FEW_QUERIES}: too few to tell)"
)
EXCERPT_CHARS = 160


@dataclass(frozen=True, slots=True)
class SetReport:
    """One set under one configuration, and how it compares with another one."""

    asked: EvaluationSet
    encoder: str
    run: Run
    versus: Comparison | None
    judged: JudgedTable | None = None


def as_json(reports: Sequence[SetReport]) -> str:
    """One object; `results` holds the only set, or each set under its name and form."""
    if len(reports) == 1:
        return json.dumps(_figures(reports[0]), ensure_ascii=False) + "\n"
    named = {f"{r.asked.name}/{r.asked.field}": _figures(r) for r in reports}
    return json.dumps({"sets": named}, ensure_ascii=False) + "\n"


def as_table(reports: Sequence[SetReport]) -> str:
    """A block per set, a line per system."""
    blocks = []
    for report in reports:
        lines = [
            f"{report.asked.name} ({report.asked.field}): {len(report.asked.needs)} needs, "
            f"{len(report.asked.offers)} offers; need mean: {NEED_MEAN}",
            "system".ljust(8) + "".join(name.rjust(11) for name in METRICS),
        ]
        lines += [
            system.ljust(8) + "".join(f"{values[name]:.4f}".rjust(11) for name in METRICS)
            for system, values in report.run.summary().items()
        ]
        lines += [
            _difference_line("-bm25", compare(report.run.per_query["full"], report.run.per_query["bm25"]))
        ]
        if report.versus:
            lines.append(_difference_line("-other", report.versus))
        if report.judged:
            lines += _judged_lines(report.judged)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def as_markdown(reports: Sequence[SetReport]) -> str:
    """The same figures as tables, the differences with their intervals, and the worst queries."""
    parts = ["# Matching, measured\n"]
    for report in reports:
        parts.append(f"## {report.asked.name} ({report.asked.field})\n")
        parts.append(
            f"{len(report.asked.needs)} needs, {len(report.asked.offers)} offers. "
            f"Encoder `{report.encoder}`. Need mean: {NEED_MEAN}.\n"
        )
        rows = [[system, *(f"{v[m]:.4f}" for m in METRICS)] for system, v in report.run.summary().items()]
        parts.append(_markdown_table(["system", *METRICS], rows))
        for title, versus in (
            ("full minus bm25", compare(report.run.per_query["full"], report.run.per_query["bm25"])),
            ("full minus the other configuration", report.versus),
        ):
            if versus:
                parts.append(f"{title} (paired bootstrap, 95 %):\n")
                cells = [
                    [name, f"{d.mean:+.4f}", f"{d.low:+.4f} to {d.high:+.4f}", "yes" if d.is_noise else "no"]
                    for name, d in versus.items()
                ]
                parts.append(_markdown_table(["metric", "difference", "interval", "holds zero"], cells))
        if report.judged:
            parts.append(f"{JUDGED_TITLE}:\n")
            cells = [[name, *(_precision(p) for p in row.values())] for name, row in report.judged.items()]
            parts.append(_markdown_table(["order", *(f"P@{k}" for k in DEPTHS)], cells))
        parts.append("Worst needs (nDCG@10 of the full engine, and of the words alone):\n")
        parts.append(_markdown_table(["need", "full", "bm25", "begins"], _worst(report)))
    return "\n".join(parts)


def _figures(report: SetReport) -> dict[str, object]:
    figures: dict[str, object] = {
        "set": report.asked.name,
        "field": report.asked.field,
        "documents": len(report.asked.offers),
        "queries": len(report.asked.needs),
        "encoder": report.encoder,
        "need_mean": NEED_MEAN,
        "results": report.run.summary(),
    }
    if report.versus:
        figures["difference"] = {name: asdict(d) for name, d in report.versus.items()}
    if report.judged:
        figures["judged"] = {
            name: {f"P@{k}": asdict(precision) for k, precision in row.items()}
            for name, row in report.judged.items()
        }
    return figures


def _judged_lines(judged: JudgedTable) -> list[str]:
    heading = "order".ljust(16) + "".join(f"P@{k}".rjust(16) for k in DEPTHS)
    rows = [
        name.ljust(16) + "".join(_precision(precision).rjust(16) for precision in row.values())
        for name, row in judged.items()
    ]
    return [JUDGED_TITLE, heading, *rows]


def _precision(precision: Precision) -> str:
    """The mean and its number of queries, marked where they are few."""
    if precision.mean is None:
        return "none"
    few = "?" if precision.queries < FEW_QUERIES else ""
    return f"{precision.mean:.4f}{few} (n={precision.queries})"


def _difference_line(label: str, versus: Comparison) -> str:
    marks = "".join(f"{d.mean:+.4f}{' ' if d.is_noise else '*'}".rjust(11) for d in versus.values())
    return label.ljust(8) + marks


def _worst(report: SetReport) -> list[list[str]]:
    full, words = report.run.per_query["full"], report.run.per_query["bm25"]
    order = sorted(range(len(full)), key=lambda i: (full[i]["nDCG@10"], report.asked.query_ids[i]))[:WORST]
    return [
        [
            report.asked.query_ids[i],
            f"{full[i]['nDCG@10']:.3f}",
            f"{words[i]['nDCG@10']:.3f}",
            need_text(report.asked.needs[i])[:EXCERPT_CHARS].replace("|", "/"),
        ]
        for i in order
    ]


def _markdown_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"
