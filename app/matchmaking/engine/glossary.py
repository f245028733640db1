"""Buyers' words as the engine reads them, read from the rows again once these have moved."""

from app.reference.queries import buyer_functions, buyer_terms, vocabulary_revision
from matching.retrieval import Function, Glossary, Term, TermKind

_kept: list[tuple[tuple[object, ...], Glossary]] = []


def current_glossary() -> Glossary:
    """The glossary at the committed revision; the same object while nothing moves. One query when kept."""
    revision = vocabulary_revision()
    if not _kept or _kept[0][0] != revision:
        _kept[:] = [(revision, _read())]
    return _kept[0][1]


def _read() -> Glossary:
    functions = tuple(
        Function(row.key, row.label_fr, (row.label_en, *row.terms))
        for row in buyer_functions()
        if row.parent_key is not None
    )
    terms = tuple(
        Term(row.term, TermKind(row.kind.value), row.reading or row.function.label_fr, row.function_key)
        for row in buyer_terms()
    )
    return Glossary(functions, terms)
