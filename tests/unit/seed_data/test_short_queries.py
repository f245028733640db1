"""The table of short queries names offers of the seed, and holds every kind of query it is meant for."""

import json
from collections import Counter

from seed_data.reader import load
from tests.benchmarks.short_queries import QUERIES


def test_the_table_of_short_queries_names_offers_of_the_seed() -> None:
    data = load()
    known = {row.name for rows in (data.offers, data.mutualised, data.free_software) for row in rows}
    rows = [json.loads(line) for line in QUERIES.read_text(encoding="utf-8").splitlines()]
    assert {name for row in rows for name in row["right"]} <= known
    assert len({row["query"] for row in rows}) == len(rows) == 120
    assert min(Counter(row["kind"] for row in rows).values()) >= 10
