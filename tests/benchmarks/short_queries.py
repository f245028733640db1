"""Short queries of buyers on the seed's catalogue: how often a right offer is first, or among the first five.

    python -m tests.benchmarks.short_queries [FILE.jsonl] [--cache FOLDER] [--misses]

`short_queries.jsonl` holds 120 queries written for this project, with the offers that may rightly come first.
Another file of the same form (kind, query, right) is read in place."""

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

from matching.evaluation.vectors import VectorCache
from matching.retrieval import Function, Glossary, Matcher, Offer, Term, TermKind, load_pair, offer_texts
from matching.retrieval.encoder import BUNDLED, BUNDLED_SECOND
from seed_data.reader import SeedData, load
from seed_data.records import FreeSoftware, MutualisedService, SeedOffer

QUERIES = Path(__file__).with_suffix(".jsonl")


def matcher_of_seed(cache: Path | None) -> tuple[Matcher, dict[int, str]]:
    """The catalogue of a new portal, and the names of its offers."""
    data = load()
    encoder = load_pair(BUNDLED, None, BUNDLED_SECOND)
    matcher = Matcher(encoder, (), glossary=_glossary(data))
    offers = _offers(data)
    vectors = VectorCache(encoder, cache).offers([offer_texts(offer)[0] for offer in offers])
    matcher.upsert(offers, {offer.id: row for offer, row in zip(offers, vectors, strict=True)})
    return matcher, {offer.id: offer.name for offer in offers}


def _glossary(data: SeedData) -> Glossary:
    functions = tuple(
        Function(row.key, row.label_fr, (row.label_en, *row.terms.split("|")))
        for row in data.functions
        if row.parent
    )
    labels = {function.key: function.label for function in functions}
    terms = tuple(
        Term(row.term, TermKind(row.kind), row.reading or labels[row.function], row.function)
        for row in data.terms
    )
    return Glossary(functions, terms)


def _offers(data: SeedData) -> list[Offer]:
    labels = {category.code: category.label_fr for category in data.categories}
    names: dict[str, tuple[str, ...]] = {vendor.key: (vendor.name,) for vendor in data.vendors}
    names |= {one.key: tuple(filter(None, (one.name, one.acronym))) for one in data.administrations}
    rows: list[tuple[str, SeedOffer | MutualisedService | FreeSoftware, str, str]] = [
        ("market", row, row.vendor, row.language) for row in data.offers
    ]
    rows += [("mutualised", row, row.operator, "fr") for row in data.mutualised]
    rows += [("free_software", row, "", "fr") for row in data.free_software]
    return [
        Offer(
            id=number,
            kind=kind,
            name=row.name,
            summary=row.summary,
            description=row.description,
            categories=tuple(labels[code] for code in row.categories),
            language=language,
            providers=names.get(provider, ()),
        )
        for number, (kind, row, provider, language) in enumerate(rows, 1)
    ]


def main() -> int:
    """Print hit@1 and hit@5 by kind of query."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=QUERIES)
    parser.add_argument("--cache", type=Path, default=None)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    matcher, names = matcher_of_seed(options.cache)
    hits: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for line in options.file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = [names[offer_id] for offer_id, _score in matcher.search(row["query"], 5)]
        right = set(row["right"])
        told = (found[0] in right, bool(right & set(found)))
        for kind in (row["kind"], "all"):
            hits[kind].append(told)
        if options.misses and not all(told):
            sys.stdout.write(f"{row['kind']}: {row['query']} -> {', '.join(found)}\n")
    for kind, all_told in hits.items():
        first, five = (sum(one[place] for one in all_told) for place in (0, 1))
        sys.stdout.write(f"{kind}: {len(all_told)} queries, hit@1 {first}, hit@5 {five}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
