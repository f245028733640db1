"""Evaluation sets on disk: documents and queries as JSON lines, graded relevance as tab-separated values."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matching.errors import MatchingError
from matching.retrieval.stems import language_votes
from matching.retrieval.text import clean, is_blank
from matching.retrieval.types import Need, Offer

Row = Mapping[str, object]
FORMS = frozenset({"text", "short", "en", "english"})
"""Forms of a query that a set may lack altogether: its text stands in."""
HEADING = ("query_id", "doc_id", "grade")
HIGHEST_GRADE = 100  # gains are 2^grade - 1


class UnreadableSet(MatchingError):
    """A file of the set is missing or malformed; the message says which line."""


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Offers (numbered from 0, `doc_ids[i]` is offer i), needs with `query_ids`, and grades per query.

    `grades` holds relevant documents only; `judgements` also those judged not relevant (grade 0). `unknown`
    are the fields asked that no row has, the usual forms of a query aside.
    """

    name: str
    field: str
    offers: tuple[Offer, ...]
    doc_ids: tuple[str, ...]
    needs: tuple[Need, ...]
    query_ids: tuple[str, ...]
    grades: Mapping[str, Mapping[str, int]]
    judgements: Mapping[str, Mapping[str, bool]]
    unknown: frozenset[str] = frozenset()


def read_set(
    docs: Path,
    queries: Path,
    qrels: Path,
    *,
    field: str = "text",
    categories: Sequence[str] = (),
    judged: bool = False,
) -> EvaluationSet:
    """Read a set; queries without any relevant document are left out, unless `judged` keeps every judged one.

    `field` is the query's form ("text" where a query lacks it); `categories` names fields of the documents to
    index as category labels. Raises UnreadableSet.
    """
    judgements = _read_qrels(qrels)
    grades = {
        query: {doc: grade for doc, grade in found.items() if grade > 0}
        for query, found in judgements.items()
    }
    kept = judgements if judged else grades
    doc_rows, all_queries = _read_lines(docs), _read_lines(queries)
    _check_known(qrels.name, "query", judgements, all_queries)
    _check_known(qrels.name, "document", {doc for found in judgements.values() for doc in found}, doc_rows)
    query_rows = [row for row in all_queries if kept.get(str(row["id"]))]
    if not query_rows:
        raise UnreadableSet(f"{qrels.name}: no query has a {'judged' if judged else 'relevant'} document")
    doc_texts = [f"{row.get('title') or ''} {row['text']}" for row in doc_rows]
    query_texts = [str(row.get(field) or row["text"]) for row in query_rows]
    for row, text in zip(query_rows, query_texts, strict=True):
        if is_blank(text):
            raise UnreadableSet(f"{queries.name}: query {row['id']!r} holds nothing to search with")
    offers = [
        Offer(
            id=number,
            kind="set",
            name=str(row.get("title") or ""),
            description=str(row["text"]),
            categories=tuple(label for name in categories for label in _labels(row.get(name))),
            language=language,
        )
        for number, (row, language) in enumerate(zip(doc_rows, _languages(doc_texts), strict=True))
    ]
    needs = [
        Need("", clean(text), language=language)
        for text, language in zip(query_texts, _languages(query_texts), strict=True)
    ]
    return EvaluationSet(
        name=docs.resolve().parent.name,
        field=field,
        offers=tuple(offers),
        doc_ids=tuple(str(row["id"]) for row in doc_rows),
        needs=tuple(needs),
        query_ids=tuple(str(row["id"]) for row in query_rows),
        grades=grades,
        judgements={
            query: {doc: grade > 0 for doc, grade in found.items()} for query, found in judgements.items()
        },
        unknown=frozenset(
            {name for name in categories if not any(name in row for row in doc_rows)}
            | ({field} - FORMS if not any(field in row for row in all_queries) else set())
        ),
    )


def _check_known(file: str, what: str, named: Iterable[str], rows: Iterable[Row]) -> None:
    strangers = sorted(set(named) - {str(row["id"]) for row in rows})
    if strangers:
        raise UnreadableSet(f"{file}: {len(strangers)} unknown, the first is {what} {strangers[0]!r}")


def _languages(texts: Sequence[str]) -> list[str]:
    """Language of each text; a text too short to tell takes that of most of the others."""
    votes = [language_votes(text) for text in texts]
    clear = Counter("en" if english > french else "fr" for french, english in votes if french != english)
    usual = clear.most_common(1)[0][0] if clear else "fr"
    return [usual if french == english else "en" if english > french else "fr" for french, english in votes]


def _labels(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(label) for label in value] if isinstance(value, list) else []


def _read_lines(path: Path) -> list[Row]:
    rows: dict[str, Row] = {}
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UnreadableSet(f"{path.name}, line {number}: {error}") from error
        if not isinstance(row, dict) or row.get("id") is None or row.get("text") is None:
            raise UnreadableSet(f"{path.name}, line {number}: id and text are needed")
        if str(row["id"]) in rows:
            raise UnreadableSet(f"{path.name}, line {number}: a second row of id {row['id']!r}")
        rows[str(row["id"])] = row
    if not rows:
        raise UnreadableSet(f"{path.name}: no line")
    return list(rows.values())


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    lines = _lines(path)
    if not lines or tuple(lines[0][1].strip().split("\t")) != HEADING:
        raise UnreadableSet(f"{path.name}: the first line is a heading: {', '.join(HEADING)}, tabs between")
    for number, line in lines[1:]:
        try:
            query, document, told = line.split("\t")
            grade = int(told)
        except ValueError as error:
            raise UnreadableSet(f"{path.name}, line {number}: {error}") from error
        if not 0 <= grade <= HIGHEST_GRADE:
            raise UnreadableSet(f"{path.name}, line {number}: a grade is at most {HIGHEST_GRADE}, at least 0")
        of_query = grades.setdefault(query, {})
        if document in of_query:
            raise UnreadableSet(f"{path.name}, line {number}: a second grade of {document!r} for {query!r}")
        of_query[document] = grade
    return grades


def _lines(path: Path) -> list[tuple[int, str]]:
    """Lines that hold something, with their numbers: split at newlines alone, as other marks may be text."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UnreadableSet(f"{path.name}: {error}") from error
    return [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
