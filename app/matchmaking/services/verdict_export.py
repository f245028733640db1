"""Verdicts as an evaluation set, and how often what was shown first was useful, by signal.

Nothing in it names a person: needs are public texts of administrations, verdicts are unsigned."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.sheets import table_text
from app.matchmaking.engine.measures import FEW_QUERIES, JudgedTable, Orders, judged_table
from app.matchmaking.models import Verdict
from app.matchmaking.queries.verdicts import offers_to_rank, public_verdicts
from app.matchmaking.services.proposals import PROPOSED
from app.offers.models import Offer
from app.permissions import Actor, Permission, require

SHOWN, FUSION = "shown", "fusion"
READ_ME = """\
Avis donnés par les ambassades sur les propositions de Trait d’union, au format de matching.evaluation.

docs.jsonl     les offres, telles qu’elles sont décrites aujourd’hui
queries.jsonl  les besoins jugés, dans le texte jugé (celui d’aujourd’hui quand il n’a pas été gardé)
qrels.tsv      1 : utile, 0 : pas utile ; ce qui n’est pas écrit n’a pas été jugé
orders.tsv     les offres jugées dans l’ordre montré ce jour-là, et dans celui de chaque signal seul

python -m matching.evaluation --docs docs.jsonl --queries queries.jsonl --qrels qrels.tsv --orders orders.tsv
"""


@dataclass(frozen=True, slots=True)
class VerdictFigures:
    """Counts of verdicts (`ranked`: those with the rank they had) and of needs; precision by order."""

    verdicts: int
    useful: int
    ranked: int
    needs: int
    precision: JudgedTable

    @property
    def is_too_few(self) -> bool:
        """Whether a depth rests on too few needs to compare signals."""
        return any(precision.queries < FEW_QUERIES for precision in self.precision[SHOWN].values())


def verdict_figures(actor: Actor) -> VerdictFigures:
    require(actor, Permission.VERDICT_EXPORT)
    verdicts = public_verdicts()
    judgements: dict[str, dict[str, bool]] = {}
    for verdict in verdicts:
        judgements.setdefault(_query_id(verdict), {})[verdict.offer.slug] = verdict.useful
    return VerdictFigures(
        verdicts=len(verdicts),
        useful=sum(verdict.useful for verdict in verdicts),
        ranked=sum(verdict.rank is not None for verdict in verdicts),
        needs=len(judgements),
        precision=judged_table(_orders(verdicts), judgements),
    )


def verdict_files(actor: Actor) -> dict[str, str]:
    """The set: name of each file and its content."""
    require(actor, Permission.VERDICT_EXPORT)
    verdicts = public_verdicts()
    offers = offers_to_rank({verdict.offer_id for verdict in verdicts})
    grades = [(_query_id(verdict), verdict.offer.slug, int(verdict.useful)) for verdict in verdicts]
    placed = [
        (query, document, name, place)
        for name, lists in _orders(verdicts).items()
        for query, documents in lists.items()
        for place, document in enumerate(documents, start=1)
    ]
    return {
        "docs.jsonl": _lines(_document(offer) for offer in offers),
        "queries.jsonl": _lines(_queries(verdicts)),
        "qrels.tsv": _table(("query_id", "doc_id", "grade"), grades),
        "orders.tsv": _table(("query_id", "doc_id", "signal", "rank"), placed),
        "LISEZ-MOI.txt": READ_ME,
    }


def _query_id(verdict: Verdict) -> str:
    """A need is another query once it is edited."""
    return f"besoin-{verdict.need_id}-v{verdict.need_version or verdict.need.version}"


def _queries(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for verdict in sorted(verdicts, key=lambda one: not one.need_text):
        need = verdict.need
        text = verdict.need_text or f"{need.title}\n{need.description}"
        found.setdefault(_query_id(verdict), {"text": text, "short": text.partition("\n")[0]})
    return [{"id": query, **texts} for query, texts in sorted(found.items())]


def _document(offer: Offer) -> dict[str, Any]:
    return {
        "id": offer.slug,
        "title": offer.name,
        "text": "\n".join(filter(None, (offer.summary, offer.description))) or offer.name,
        "kind": offer.kind.value,
        "categories": [category.label_fr for category in offer.categories],
    }


def _orders(verdicts: Iterable[Verdict]) -> Orders:
    """The judged offers of each need as the page showed them, and as each signal alone ranks them."""
    kinds = list(PROPOSED)
    keys: dict[str, dict[str, list[tuple[Any, int, str]]]] = {SHOWN: {}, FUSION: {}}
    for verdict in verdicts:
        if verdict.rank is None or verdict.score is None:
            continue
        raw = {part["signal"]: -part["raw"] for part in verdict.signals}
        shown = (kinds.index(verdict.offer.kind), verdict.rank)
        for name, key in {SHOWN: shown, FUSION: -verdict.score, **raw}.items():
            entry = (key, verdict.offer_id, verdict.offer.slug)
            keys.setdefault(name, {}).setdefault(_query_id(verdict), []).append(entry)
    return {
        name: {query: [slug for _key, _id, slug in sorted(entries)] for query, entries in lists.items()}
        for name, lists in keys.items()
    }


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return table_text((heading, *rows), separator="\t", line_end="\n")
