"""The offers as arrays, ready to rank. A snapshot never changes: a change makes the next one, sharing what
it can.

Rows are sorted by offer number, so nothing depends on the order in which offers arrived. Past
REFIT_ALWAYS_BELOW offers the space is fitted again only when REFIT_SHARE of them have changed: until then
the scores may differ from those of a fresh build by what a few offers weigh in a mean.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.criteria.cells import Cells, Timeline
from matching.criteria.gate import Mask
from matching.criteria.table import CriteriaTable
from matching.errors import UnknownOffer
from matching.retrieval.glossary import NO_GLOSSARY, Glossary
from matching.retrieval.index.contract import VectorIndex
from matching.retrieval.lexical import Document, LexicalIndex, Slots, Vocabulary
from matching.retrieval.moments import Moments
from matching.retrieval.space import Space, fit_space, placed_width, raw_space
from matching.retrieval.stems import tokens
from matching.retrieval.text import offer_text, purpose
from matching.retrieval.types import Offer, Vectors
from matching.retrieval.vectors import choose_landmarks, hubness

REFIT_ALWAYS_BELOW = 2_000
REFIT_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class StoredOffer:
    """An offer with what is computed once from it: vectors float32 [passages, d], words, criteria cells for
    every day."""

    offer: Offer
    vectors: Vectors
    words: Document
    timeline: Timeline
    functions: Mask


@dataclass(frozen=True, slots=True)
class Snapshot:
    """n offers, one row each: `index` holds rows [w + 1], the offer's row in `space` and its hubness, by the
    first encoder against `landmarks` [m, d], and `moments` are theirs; `slots` [n] are places in `lexical`.

    `widths` are those of the encoders; `names` numbers the kinds and languages met; `drift` counts the
    changes since the space was fitted.
    """

    ids: NDArray[np.int64]
    stored: NDArray[np.object_]
    kinds: NDArray[np.int32]
    languages: NDArray[np.int32]
    cells: Cells
    functions: Mask
    index: VectorIndex
    moments: Moments
    slots: Slots
    names: Mapping[str, int]
    widths: tuple[int, ...]
    space: Space
    landmarks: Vectors
    drift: int
    lexical: LexicalIndex

    def __len__(self) -> int:
        return len(self.ids)

    def find(self, offer_id: int) -> StoredOffer | None:
        """What is known of an offer."""
        row = int(np.searchsorted(self.ids, offer_id))
        if row >= len(self.ids) or self.ids[row] != offer_id:
            return None
        found: StoredOffer = self.stored[row]
        return found

    def row(self, offer_id: int) -> int:
        """Row of an offer; raises UnknownOffer."""
        if self.find(offer_id) is None:
            raise UnknownOffer(offer_id)
        return int(np.searchsorted(self.ids, offer_id))

    def of_kinds(self, kinds: Collection[str] | None) -> Mask:
        """Rows whose kind is wanted, bool [n]; None wants all."""
        if kinds is None:
            return np.ones(len(self), np.bool_)
        return np.isin(self.kinds, [self.names[kind] for kind in kinds if kind in self.names])

    def in_language(self, language: str) -> Mask:
        """Rows written in this language, bool [n]."""
        return np.asarray(self.languages == self.names.get(language, -1))


def store(
    table: CriteriaTable,
    vocabulary: Vocabulary,
    offer: Offer,
    vectors: Vectors,
    glossary: Glossary = NO_GLOSSARY,
) -> StoredOffer:
    """Everything that depends on one offer alone."""
    words = " ".join((offer_text(offer), *offer.categories, *offer.providers))
    document = vocabulary.document(tokens(words, offer.language))
    named = set(glossary.functions_of(f"{offer.name}. {purpose(offer)}. {'. '.join(offer.categories)}"))
    functions = np.array([function.key in named for function in glossary.functions], np.bool_)
    return StoredOffer(offer, vectors, document, table.timeline(offer.facts, offer.kind), functions)


def empty_snapshot(
    criteria: int, widths: Sequence[int], vocabulary: Vocabulary, index: VectorIndex, functions: int = 0
) -> Snapshot:
    """No offer yet; `index`, empty, keeps rows of `placed_width(widths)` + 1."""
    numbers = np.empty(0, np.int32)
    return Snapshot(
        ids=np.empty(0, np.int64),
        stored=np.empty(0, np.object_),
        kinds=numbers,
        languages=numbers,
        cells=Cells.empty(criteria),
        functions=np.empty((0, functions), np.bool_),
        index=index,
        moments=Moments.of(np.empty((0, placed_width(widths) + 1), np.float32)),
        slots=np.empty(0, np.int64),
        names={},
        widths=tuple(widths),
        space=raw_space(widths),
        landmarks=np.empty((0, widths[0]), np.float32),
        drift=0,
        lexical=LexicalIndex.build(vocabulary, ()),
    )


def next_snapshot(
    old: Snapshot, vocabulary: Vocabulary, changed: Mapping[int, StoredOffer], removed: Collection[int] = ()
) -> Snapshot:
    """The snapshot after these offers are added or replaced and those are removed."""
    touched = np.array(sorted({*changed, *removed}), np.int64)
    kept = ~np.isin(old.ids, touched)
    ids_in = np.array(sorted(changed), np.int64)
    incoming = np.empty(len(ids_in), np.object_)
    incoming[:] = [changed[int(i)] for i in ids_in]
    order = np.argsort(np.concatenate([old.ids[kept], ids_in]), kind="stable")

    def merged(before: NDArray[Any], after: Sequence[object] | NDArray[Any]) -> NDArray[Any]:
        more = np.asarray(after, before.dtype).reshape(len(ids_in), *before.shape[1:])
        return np.concatenate([before[kept], more])[order]

    names = dict(old.names)
    kinds = [names.setdefault(row.offer.kind, len(names)) for row in incoming]
    languages = [names.setdefault(row.offer.language, len(names)) for row in incoming]
    stored = np.concatenate([old.stored[kept], incoming])[order]
    lexical = old.lexical.changed(old.slots[~kept], [row.words for row in incoming])
    slots = merged(old.slots, np.arange(old.lexical.next_slot, old.lexical.next_slot + len(incoming)))
    if lexical.wants_rebuild:
        lexical = LexicalIndex.build(vocabulary, [row.words for row in stored])
        slots = np.arange(len(stored), dtype=np.int64)
    drift = old.drift + len(incoming) + int((~kept).sum())
    space, landmarks, dimension = old.space, old.landmarks, sum(old.widths)
    ids = merged(old.ids, ids_in)
    if len(stored) < REFIT_ALWAYS_BELOW or drift > REFIT_SHARE * len(stored):
        first = _first_rows(stored, dimension)
        space, drift = fit_space(first, old.widths) if len(first) else raw_space(old.widths), 0
        placed = space.place(first)
        landmarks = choose_landmarks(placed[:, : old.widths[0]])
        rows = _with_hubness(placed, landmarks)
        index, moments = old.index.built(ids, rows, _origin(ids, first)), Moments.of(rows)
    else:
        come, gone = (
            _with_hubness(space.place(_first_rows(some, dimension)), landmarks)
            for some in (incoming, old.stored[~kept])
        )
        index = old.index.changed(old.ids[~kept], ids_in, come)
        moments = old.moments.changed(gone, come)
    return Snapshot(
        ids=ids,
        stored=stored,
        kinds=merged(old.kinds, kinds),
        languages=merged(old.languages, languages),
        cells=old.cells.changed(touched, ids_in, [row.timeline for row in incoming]),
        functions=merged(old.functions, [row.functions for row in incoming]),
        index=index,
        moments=moments,
        slots=slots,
        names=names,
        widths=old.widths,
        space=space,
        landmarks=landmarks,
        drift=drift,
        lexical=lexical,
    )


def _origin(ids: NDArray[np.int64], first: Vectors) -> str:
    """A name for the rows computed from these vectors, the same in every process."""
    digest = hashlib.blake2b(ids.tobytes(), digest_size=16)
    digest.update(first.tobytes())
    return digest.hexdigest()


def _with_hubness(placed: Vectors, landmarks: Vectors) -> Vectors:
    return np.column_stack([placed, hubness(placed[:, : landmarks.shape[1]], landmarks)])


def _first_rows(stored: NDArray[np.object_], dimension: int) -> Vectors:
    """The whole-offer vector of each offer, float32 [n, d]."""
    if not len(stored):
        return np.empty((0, dimension), np.float32)
    return np.stack([row.vectors[0] for row in stored])
