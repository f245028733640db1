"""A need made ready to be ranked for: read, encoded, placed among the offers; and who judges how one fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from matching.errors import EmptyText
from matching.retrieval.encoder import Encoder, checked
from matching.retrieval.fit import calibration
from matching.retrieval.glossary import Glossary
from matching.retrieval.lexical import Vocabulary
from matching.retrieval.need_means import NeedMeans
from matching.retrieval.pair import parts_of
from matching.retrieval.ranking import FusionSettings, Question, ask
from matching.retrieval.reading import read_need
from matching.retrieval.snapshot import Snapshot
from matching.retrieval.spelling import Spelling
from matching.retrieval.stopwatch import Stopwatch
from matching.retrieval.text import is_blank, need_text
from matching.retrieval.types import Fit, Need, Reading, Vectors

FEW_WORDS = 3
"""Under it, words that no offer knows make no need: nonsense, digits, signs."""
Judge = Callable[[Mapping[str, float]], tuple[Fit, float]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A need ready to be ranked for: how it was read, its place `vector` [w] and its `stems`."""

    question: Question
    vector: Vectors
    stems: tuple[str, ...]
    reading: Reading
    judge: Judge


@dataclass(frozen=True, slots=True)
class Understood:
    """A need before the words of the offers are looked up: `raw` [d] as encoded, `vector` [w] its place,
    `columns` those of the functions it names."""

    reading: Reading
    raw: Vectors
    vector: Vectors
    stems: tuple[str, ...]
    columns: tuple[int, ...]


class Questions:
    """Makes questions of needs: holds what reads and encodes them, whatever the offers of the moment."""

    def __init__(
        self, encoder: Encoder, glossary: Glossary, vocabulary: Vocabulary, spelling: Spelling
    ) -> None:
        self._encoder, self._glossary = encoder, glossary
        self._vocabulary, self._spelling = vocabulary, spelling
        self._columns = {function.key: column for column, function in enumerate(glossary.functions)}
        self.need_means = NeedMeans(parts_of(encoder))

    @property
    def fingerprint(self) -> str:
        """Of the encoder."""
        return self._encoder.fingerprint

    def prepare(
        self,
        snapshot: Snapshot,
        need: Need,
        given: Vectors | None,
        fusion: FusionSettings,
        *,
        clock: Stopwatch | None = None,
    ) -> Prepared:
        """The need read, encoded unless its vector is `given`, and made a question of.

        Raises EmptyText, InvalidVector.
        """
        clock = clock or Stopwatch()
        told = self.understand(snapshot, need, given, clock)
        question = ask(snapshot, told.vector, told.stems, need.language, fusion, functions=told.columns)
        clock.lap("words")
        lexical = snapshot.lexical
        known = lexical.rarity(lexical.known(told.stems)) / max(lexical.rarity(told.stems), 1e-9)
        judge = self._judge(known, told.raw, told.stems)
        return Prepared(question, told.vector, told.stems, told.reading, judge)

    def understand(
        self, snapshot: Snapshot, need: Need, given: Vectors | None, clock: Stopwatch
    ) -> Understood:
        """The need read, encoded unless its vector is `given`, and placed among the offers."""
        if is_blank(need_text(need)):
            raise EmptyText("the need holds nothing to search with")
        reading = read_need(need, self._glossary)
        clock.lap("read")
        raw = self._encoded(reading.text, given)
        vector = snapshot.space.place(raw[None], self.need_means.of(raw))[0]
        clock.lap("encode")
        stems = self.corrected(reading)
        named = dict.fromkeys([*reading.functions, *self._glossary.named_by(stems)])
        columns = tuple(self._columns[key] for key in named)
        return Understood(replace(reading, functions=tuple(named)), raw, vector, stems, columns)

    def corrected(self, reading: Reading) -> tuple[str, ...]:
        """The words of a need as the vocabulary of the moment knows them."""
        return self._vocabulary.corrected(reading.stems)

    def _encoded(self, text: str, given: Vectors | None) -> Vectors:
        raw = self._encoder.encode_queries([self._spelling.restored(text)]) if given is None else given
        encoded: Vectors = checked(raw, self._encoder.dimension)[0]
        return encoded

    def _judge(self, known: float, vector: Vectors, stems: Sequence[str]) -> Judge:
        """How well an offer fits this need, from what each signal says of the offer; a need whose words are
        all unknown, or that has none, is answered by nothing.
        """
        told = calibration(self._encoder.fingerprint)
        of_need = {"known": known, "subject": told.subject_of(vector)}

        says_nothing = not known and len(stems) < FEW_WORDS

        def judge(signals: Mapping[str, float]) -> tuple[Fit, float]:
            if says_nothing:
                return Fit.WEAK, 0.0
            evidence = {**signals, **of_need, "lexical": min(signals["lexical"], 1.0)}
            probability = told.probability(evidence)
            return told.fit(probability), probability

        return judge
