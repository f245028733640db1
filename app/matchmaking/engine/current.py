"""The engine of this process.

The rows are the truth. Each process keeps a `Matcher` in memory and brings it up to date, before each
question, with the changes other processes have committed (`IndexChange`)."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import structlog

from app.core.clock import today
from app.core.config import Settings
from app.core.errors import RuleBroken, Unavailable
from app.core.i18n import gettext as _
from app.matchmaking import queries
from app.matchmaking.engine.adapters import (
    as_criteria,
    as_engine_need,
    as_engine_offers,
    as_requirements,
    need_texts,
    unpack,
)
from app.matchmaking.engine.encoding import Encoding
from app.matchmaking.engine.glossary import current_glossary
from app.matchmaking.engine.records import MatchRecord, exclusions_record, match_record
from app.matchmaking.engine.stores import MakeIndex, vector_index
from app.matchmaking.engine.words import WordSearch
from app.matchmaking.enums import PassageOf
from app.needs.enums import EffectiveRequirement
from app.needs.models import Need
from app.offers.enums import OfferKind
from app.reference.queries import criteria as list_criteria
from matching import retrieval
from matching.criteria import Criterion
from matching.errors import (
    DimensionMismatch,
    EmptyText,
    IndexUnavailable,
    InvalidVector,
    UnknownCriterion,
    UnknownOffer,
)
from matching.retrieval import (
    Encoder,
    FaissIndex,
    Glossary,
    Matcher,
    Vectors,
    as_record,
    checked,
    detect_language,
    load_pair,
    text_hash,
)

log = structlog.get_logger()

# On PostgreSQL a smaller revision may commit after a larger one was seen: look this far back for latecomers.
LATE_REVISIONS = 200


class Engine:
    """One per process; safe for several threads."""

    def __init__(self, load: Callable[[], Encoder], index: MakeIndex = FaissIndex) -> None:
        self.encoding, self._index = Encoding(load), index
        self._by_words = WordSearch()
        self.damaged: set[int] = set()
        self._matcher: Matcher | None = None
        self._criteria: tuple[Criterion, ...] = ()
        self._glossary: Glossary | None = None
        self._seen: set[int] = set()
        self.revision = 0
        self._lock = threading.RLock()

    @property
    def encoder(self) -> Encoder:
        """See `Encoding`; raises Unavailable."""
        return self.encoding.encoder

    def matcher(self) -> Matcher:
        """The matcher at the committed revision, or as another thread found it while that one brings it up to
        date: only the very first question waits. Unavailable when the model or the store of vectors does not
        answer.
        """
        ready = self._matcher
        if not self._lock.acquire(blocking=ready is None) and ready is not None:
            return ready
        try:
            return self._at_revision()
        except IndexUnavailable as error:
            raise self._store_is_silent() from error
        finally:
            self._lock.release()

    def _at_revision(self) -> Matcher:
        criteria, glossary = as_criteria(list_criteria()), current_glossary()
        if self._matcher is None or criteria != self._criteria or glossary is not self._glossary:
            return self._rebuild(criteria, glossary)
        self._follow(self._matcher)
        return self._matcher

    def _rebuild(self, criteria: tuple[Criterion, ...], glossary: Glossary) -> Matcher:
        revision = queries.current_revision()
        matcher = Matcher(self.encoder, criteria, index=self._index, glossary=glossary)
        self._load_offers(matcher, queries.published_offer_ids())
        self._matcher, self._criteria, self.revision = matcher, criteria, revision
        self._glossary = glossary
        self._seen = {
            change.id for change in queries.changes_after(revision - LATE_REVISIONS) if change.id <= revision
        }
        return matcher

    def _follow(self, matcher: Matcher) -> None:
        floor = self.revision - LATE_REVISIONS
        changes = [change for change in queries.changes_after(floor) if change.id not in self._seen]
        if not changes:
            return
        changed = {change.offer_id for change in changes if change.offer_id is not None}
        if changed:
            gone = changed - self._load_offers(matcher, changed)
            matcher.remove(gone)
        self.revision = max(self.revision, *(change.id for change in changes))
        floor = self.revision - LATE_REVISIONS
        self._seen = {seen for seen in self._seen | {change.id for change in changes} if seen > floor}

    def _load_offers(self, matcher: Matcher, ids: Collection[int]) -> set[int]:
        """Put the published offers among `ids` that have vectors into the matcher; answers which."""
        passages, damaged = queries.read_passages(PassageOf.OFFER, ids, self.encoder.fingerprint)
        if damaged:
            log.warning("damaged vectors left out", ids=sorted(damaged))
        self.damaged = (self.damaged - set(ids)) | damaged
        stored = self._usable(passages)
        offers = as_engine_offers([offer_id for offer_id in ids if offer_id in stored])
        if offers:
            matcher.upsert(offers, {offer.id: stored[offer.id] for offer in offers})
        return {offer.id for offer in offers}

    def _usable(self, stored: Mapping[int, Sequence[queries.StoredPassage]]) -> dict[int, Vectors]:
        """The vectors of each offer; those a damaged row spoils are left out and named in the log, so that
        one offer never silences the others.
        """
        found = {}
        for offer_id, passages in stored.items():
            try:
                found[offer_id] = checked(unpack(passages), self.encoder.dimension)
            except (InvalidVector, DimensionMismatch, ValueError) as error:
                log.warning("offer left out: unusable vector", offer_id=offer_id, why=str(error))
        return found

    def match(self, need: Need, k: int, kinds: Collection[str]) -> MatchRecord:
        """Explained proposals. Raises RuleBroken when the need holds no word to search with."""
        return match_record(self.result(need, k, kinds))

    def result(self, need: Need, k: int, kinds: Collection[str]) -> retrieval.MatchResult:
        """The same as `matching` says it."""
        return self._answer(as_engine_need(need), k, kinds, self.stored_vectors([need]).get(need.id))

    def match_with(
        self, need: Need, more: Iterable[EffectiveRequirement], k: int, kinds: Collection[str]
    ) -> MatchRecord:
        """The same with these requirements besides the need's own."""
        asked = as_engine_need(need)
        asked = replace(asked, requirements=(*asked.requirements, *as_requirements(more)))
        return match_record(self._answer(asked, k, kinds, self.stored_vectors([need]).get(need.id)))

    def match_text(
        self,
        text: str,
        requirements: Iterable[EffectiveRequirement],
        k: int,
        kinds: Collection[str],
        query_vector: Vectors | None = None,
    ) -> MatchRecord:
        """The same for a text that is no need of the portal; `query_vector` [d] saves encoding it."""
        asked = as_requirements(requirements)
        need = retrieval.Need(title="", text=text, requirements=asked, language=detect_language(text))
        return match_record(self._answer(need, k, kinds, query_vector))

    def _answer(
        self, need: retrieval.Need, k: int, kinds: Collection[str], query_vector: Vectors | None = None
    ) -> retrieval.MatchResult:
        matcher = self.matcher()
        try:
            with self.encoding.guarded(encodes=query_vector is None):
                return matcher.match(need, k, kinds=kinds, query_vector=query_vector, day=today())
        except IndexUnavailable as error:
            raise self._store_is_silent() from error
        except EmptyText as error:
            raise RuleBroken(_("Décrivez d’abord le besoin : il ne contient aucun mot.")) from error
        except UnknownCriterion as error:
            raise RuleBroken(_("Critère inconnu : %(key)s.", key=error.key)) from error

    def standings(
        self, needs: Sequence[Need], depths: Mapping[str, int], *, followed: bool = False
    ) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each need that has a vector with the lists `match` would give it today, as a run records them.

        `followed` are asked again after each change: what that takes is kept in memory meanwhile."""
        vectors = self.stored_vectors(needs)
        asked = {need.id: as_engine_need(need) for need in needs if need.id in vectors}
        matcher = self.matcher()
        ranked = matcher.followed if followed else matcher.standings
        try:
            for need_id, lists in ranked(asked, depths, vectors, day=today()):
                yield need_id, _watched(as_record(lists))
        except IndexUnavailable as error:
            raise self._store_is_silent() from error
        except UnknownCriterion as error:
            raise RuleBroken(_("Critère inconnu : %(key)s.", key=error.key)) from error

    def stored_vectors(self, needs: Iterable[Need]) -> dict[int, Vectors]:
        """The vector [d] of each need that has one of its present text."""
        texts = need_texts([need for need in needs if need.id is not None])
        stored = queries.stored_passages(PassageOf.NEED, list(texts), self.encoder.fingerprint)
        return {
            need_id: np.asarray(unpack(passages)[0])
            for need_id, passages in stored.items()
            if passages[0].text_hash == text_hash(texts[need_id][0])
        }

    def search(
        self, text: str, *, kinds: Collection[str] | None = None, limit: int = 200
    ) -> list[tuple[int, float]]:
        """Published offers that answer a few words, by words and meaning together, best first: (id, score);
        none where nothing speaks of them. By words alone while the model does not answer.
        """
        return self._searched(text, limit, kinds, fitting=True)

    def nearest(self, text: str, limit: int = 6) -> list[int]:
        """The offers nearest to a few words that none answers: to be announced as such."""
        return [offer_id for offer_id, _score in self._searched(text, limit, None, fitting=False)]

    def _searched(
        self, text: str, limit: int, kinds: Collection[str] | None, *, fitting: bool
    ) -> list[tuple[int, float]]:
        try:
            matcher = self.matcher()
            with self.encoding.guarded():
                return matcher.search(text, limit, kinds=kinds, fitting=fitting)
        except EmptyText:
            return []
        except (IndexUnavailable, Unavailable) as error:
            if isinstance(error, IndexUnavailable):
                self._matcher = None
            return self._by_words.search(text, limit, kinds) if fitting else []

    def similar_offers(self, offer_id: int, limit: int = 8) -> list[tuple[int, float]]:
        """Published offers nearest in meaning to this one: (id, cosine); none while it has no vector."""
        try:
            return self.matcher().similar_offers(offer_id, limit)
        except (UnknownOffer, Unavailable):
            return []
        except IndexUnavailable:
            self._matcher = None
            return []

    def _store_is_silent(self) -> Unavailable:
        """The next question builds the matcher again: its set of vectors may have been dropped meanwhile."""
        self._matcher = None
        return Unavailable(_("La base des vecteurs ne répond pas : réessayez dans un instant."))

    def count_eligible(
        self, requirements: Iterable[EffectiveRequirement], kinds: Collection[str]
    ) -> dict[str, Any]:
        """What these requirements leave of the offers of `kinds`; raises RuleBroken on an unknown one."""
        try:
            matcher = self.matcher()
        except Unavailable:  # criteria need no meaning
            matcher = self._by_words.matcher()
        try:
            return exclusions_record(
                matcher.count_eligible(as_requirements(requirements), kinds=kinds, day=today())
            )
        except UnknownCriterion as error:
            raise RuleBroken(fields={"requirements": _("Critère inconnu.")}) from error


def _watched(lists: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a run stale: of the offers kept out, only the State's, which step 1 always shows."""
    return {
        kind: listed if kind == OfferKind.MUTUALISED.value else listed[:2] for kind, listed in lists.items()
    }


_current: list[Engine] = []


def configure(settings: Settings, encoder: Encoder | None = None) -> None:
    """Give this process its engine; a test passes its own `encoder`."""
    revision = settings.encoder_revision or None
    load = (
        (lambda: encoder)
        if encoder
        else (lambda: load_pair(settings.encoder_model, revision, settings.encoder_second))
    )
    _current[:] = [Engine(load, vector_index(settings))]


def engine() -> Engine:
    return _current[0]


def search(
    text: str, *, kinds: Collection[str] | None = None, limit: int = 200
) -> Sequence[tuple[int, float]]:
    """See `Engine.search`."""
    return engine().search(text, kinds=kinds, limit=limit)


def nearest(text: str) -> list[int]:
    """See `Engine.nearest`."""
    return engine().nearest(text)
