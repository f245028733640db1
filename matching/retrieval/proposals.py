"""The offers proposed for a need: those that the gate lets through, in order, with everything behind it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date

import numpy as np

from matching.criteria.gate import count_exclusions, failures, single_failures
from matching.criteria.table import CriteriaTable
from matching.criteria.types import Requirement
from matching.retrieval.candidates import best_rows
from matching.retrieval.explain import explain, near_miss
from matching.retrieval.fit import best_fit, tempered
from matching.retrieval.questions import Prepared, Questions
from matching.retrieval.ranking import FusionSettings, Ranking, Rows
from matching.retrieval.snapshot import Snapshot
from matching.retrieval.stopwatch import Stopwatch
from matching.retrieval.types import Fit, Match, MatchResult, Need, Vectors

TINY = 1e-9


@dataclass(frozen=True, slots=True)
class MatcherSettings:
    """Choices of a matcher; every result carries them."""

    near_misses: int = 10
    kept_out: int = 8
    suite_depth: int = 8
    suite_score: float = 1.5
    fusion: FusionSettings = field(default_factory=FusionSettings)


@dataclass(frozen=True, slots=True)
class Proposing:
    """What every proposal over one snapshot, on one day, is made from."""

    snapshot: Snapshot
    table: CriteriaTable
    questions: Questions
    settings: MatcherSettings
    day: date

    def match(self, need: Need, k: int, kinds: Collection[str] | None, given: Vectors | None) -> MatchResult:
        """The k best offers of these kinds, the near misses and the counts; `given` is the need's vector."""
        snapshot, table, clock = self.snapshot, self.table, Stopwatch()
        requirements = table.normalise(need.requirements)
        wanted = snapshot.of_kinds(kinds)
        codes = snapshot.cells.on(self.day)
        fails = failures(table, codes, requirements)
        exclusions = count_exclusions(table, codes[wanted], fails[wanted], requirements)
        clock.lap("gate")
        asked = self.questions.prepare(snapshot, need, given, self.settings.fusion, clock=clock)
        best = best_rows(asked.question, wanted & (fails == 0), k)
        short = best_rows(asked.question, wanted & single_failures(fails), self.settings.near_misses)
        kept_out = best_rows(asked.question, wanted & (fails != 0), self.settings.kept_out)
        first = self._best_score(asked)
        clock.lap("rank")
        matches = self._explained(asked, best, requirements, first)
        assert_eligible(matches)
        misses = tuple(
            near_miss(snapshot, table, short, position, requirements=requirements, day=self.day)
            for position in range(len(short.rows))
        )
        clock.lap("explain")
        return MatchResult(
            matches,
            misses,
            exclusions,
            clock.laps,
            self._parameters(best, k, kinds),
            asked.reading,
            best_fit(match.fit for match in matches),
            self._explained(asked, kept_out, requirements, first),
        )

    def explain_one(self, need: Need, offer_id: int, given: Vectors | None) -> Match:
        """The arithmetic of one offer, eligible or not (rank 0); raises UnknownOffer."""
        row = self.snapshot.row(offer_id)
        asked = self.questions.prepare(self.snapshot, need, given, self.settings.fusion)
        ranking = asked.question.rank(np.array([row]))
        return self._explain(asked, ranking, 0, self.table.normalise(need.requirements), rank=0)

    def _best_score(self, asked: Prepared) -> float:
        """Of the whole catalogue, criteria and kinds aside: to be left alone by a filter is no merit."""
        everything = np.ones(len(self.snapshot), np.bool_)
        return float(best_rows(asked.question, everything, 1).scores.max(initial=TINY))

    def _explained(
        self, asked: Prepared, ranking: Ranking, requirements: Sequence[Requirement], first: float
    ) -> tuple[Match, ...]:
        """Each offer of a ranking, its fit told beside the best score of the catalogue."""
        matches = [
            self._explain(asked, ranking, position, requirements, rank=position + 1)
            for position in range(len(ranking.rows))
        ]
        return tuple(replace(match, fit=tempered(match.fit, match.score / first)) for match in matches)

    def _explain(
        self,
        asked: Prepared,
        ranking: Ranking,
        position: int,
        requirements: Sequence[Requirement],
        *,
        rank: int,
    ) -> Match:
        return explain(
            self.snapshot,
            self.table,
            ranking,
            position,
            rank=rank,
            vector=asked.vector,
            stems=asked.stems,
            requirements=requirements,
            day=self.day,
            judge=asked.judge,
        )

    def _parameters(self, ranking: Ranking, k: int, kinds: Collection[str] | None) -> dict[str, object]:
        return {
            "encoder": self.questions.fingerprint,
            "k": k,
            "kinds": sorted(kinds) if kinds is not None else None,
            "need_mean": self.questions.need_means.source(),
            "weights": {name: signal.weight for name, signal in ranking.signals.items()},
            "settings": asdict(self.settings),
        }


def assert_eligible(matches: Sequence[Match]) -> None:
    """The gate again, from the facts themselves rather than the columns."""
    for match in matches:
        if not all(outcome.passes for outcome in match.outcomes):
            raise AssertionError(f"offer {match.offer_id} was proposed and is not eligible")


def fitting_positions(asked: Prepared, best: Ranking) -> Rows:
    """Where in `best`, best first, stand the offers that answer at least possibly: nowhere for nonsense."""
    kept = []
    for position, score in enumerate(best.scores.tolist()):
        told = {part.signal: part.normalised for part in best.contributions(position)}
        share = score / max(best.scores.item(0), TINY)
        if tempered(asked.judge(told)[0], share) is not Fit.WEAK:
            kept.append(position)
    return np.asarray(kept, np.int64)
