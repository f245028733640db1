"""BM25 after any history of changes equals an index built afresh, which equals bm25s."""

from __future__ import annotations

import bm25s
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.retrieval.lexical import LexicalIndex, Vocabulary

bags = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(documents=st.lists(bags, min_size=1, max_size=15), query=bags)
def test_scores_are_those_of_bm25s(documents: list[list[str]], query: list[str]) -> None:
    vocabulary = Vocabulary()
    index = LexicalIndex.build(vocabulary, [vocabulary.document(d) for d in documents])
    reference = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    reference.index(documents, show_progress=False)
    asked = index.known(query)
    expected = reference.get_scores(asked) if asked else np.zeros(len(documents))
    scores, shared = index.scores(query, np.arange(len(documents)))
    np.testing.assert_allclose(scores, expected, atol=1e-5)
    assert shared.tolist() == [len(set(query) & set(d)) for d in documents]


@settings(max_examples=60, deadline=None)
@given(
    first=st.lists(bags, min_size=1, max_size=8), more=st.lists(bags, max_size=8), query=bags, data=st.data()
)
def test_changes_leave_the_scores_of_a_fresh_index(
    first: list[list[str]], more: list[list[str]], query: list[str], data: st.DataObject
) -> None:
    vocabulary = Vocabulary()
    index = LexicalIndex.build(vocabulary, [vocabulary.document(d) for d in first])
    dead = data.draw(st.lists(st.integers(0, len(first) - 1), unique=True))
    index = index.changed(np.array(dead, np.int64), [])
    for document in more:
        index = index.changed(np.empty(0, np.int64), [vocabulary.document(document)])
    alive = [slot for slot in range(len(first) + len(more)) if slot not in dead]
    fresh_vocabulary = Vocabulary()
    documents = [(first + more)[slot] for slot in alive]
    fresh = LexicalIndex.build(fresh_vocabulary, [fresh_vocabulary.document(d) for d in documents])
    scores, shared = index.scores(query, np.array(alive, np.int64))
    fresh_scores, fresh_shared = fresh.scores(query, np.arange(len(alive)))
    np.testing.assert_allclose(scores, fresh_scores, atol=1e-9)
    assert shared.tolist() == fresh_shared.tolist()
    assert index.rarity(query) == fresh.rarity(query)
