"""After any changes, needs that are followed stand exactly where ranking them anew puts them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matching.criteria.types import Level, Requirement
from matching.retrieval import following, snapshot
from matching.retrieval.following import Following
from matching.retrieval.matcher import Matcher
from matching.retrieval.pair import PairedEncoder
from matching.retrieval.types import Need, Offer, Vectors
from matching.retrieval.vectors import unit
from tests.fakes import HashingEncoder
from tests.unit.matching.factories import CRITERIA, DECLARED, VERIFIED

DEPTHS = {"market": 12, "mutualised": 5}
KINDS = ("market", "mutualised", "free_software")
NEEDS, OFFERS, CHANGES = 16, 300, 12
WIDTH = 24
REQUIRED = ((), (Requirement("sme", Level.VERIFIED),), (Requirement("eu_hosting"), Requirement("sme")))


@pytest.fixture(autouse=True)
def _space_that_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a large catalogue: a change does not fit the space anew."""
    monkeypatch.setattr(snapshot, "REFIT_ALWAYS_BELOW", 0)
    monkeypatch.setattr(snapshot, "REFIT_SHARE", 0.5)


class Portal:
    """A matcher, needs, and changes drawn from a seed."""

    def __init__(self, seed: int, *, second: bool = False) -> None:
        self.draw = np.random.default_rng(seed)
        first = HashingEncoder(WIDTH)
        encoder = PairedEncoder(first, HashingEncoder(WIDTH, "other")) if second else first
        self.width = encoder.dimension
        self.matcher = Matcher(encoder, CRITERIA)
        self.offers = {number: self.offer(number) for number in range(OFFERS)}
        self.matcher.upsert(
            list(self.offers.values()), dict(zip(self.offers, self.rows(OFFERS)[:, None], strict=True))
        )
        self.needs = {
            number: Need(
                f"Besoin {number}",
                self.text(int(self.draw.integers(1, 30))),
                requirements=REQUIRED[number % 3],
            )
            for number in range(NEEDS)
        }
        self.vectors = dict(enumerate(self.rows(NEEDS)))

    def text(self, words: int) -> str:
        """Some words come in every text, most in few."""
        return " ".join(f"mot{int(number)}" for number in 40 + 3 * self.draw.pareto(0.7, words))

    def offer(self, number: int) -> Offer:
        facts = {
            key: DECLARED if self.draw.random() < 0.5 else VERIFIED
            for key in ("sme", "eu_hosting")
            if self.draw.random() < 0.6
        }
        language = "fr" if number % 5 else "en"
        return Offer(
            number, KINDS[number % 3], f"Offre {number}", "", self.text(20), (), language, facts=facts
        )

    def rows(self, count: int) -> Vectors:
        return unit(self.draw.standard_normal((count, self.width)))

    def change(self) -> None:
        """One of what happens to a catalogue."""
        one = self.offers[int(self.draw.choice(list(self.offers)))]
        kind = int(self.draw.integers(5))
        if kind == 0 and len(self.offers) > 3:
            self.matcher.remove([one.id])
            del self.offers[one.id]
            return
        if kind == 1:
            one = replace(one, id=max(self.offers) + 1)
        elif kind == 2:
            one = replace(one, facts={"sme": VERIFIED, "eu_hosting": DECLARED})
        words = self.text(int(self.draw.integers(3, 60)))
        if kind == 3:  # the very words of a need, and one nobody ever wrote
            words = f"{self.needs[int(self.draw.integers(NEEDS))].text} inedit{self.draw.integers(99)}"
        one = replace(one, description=words)
        self.offers[one.id] = one
        self.matcher.upsert([one], {one.id: self.rows(1)})

    def agrees(self) -> int:
        """How many needs were ranked anew."""
        anew = dict(self.matcher.standings(self.needs, DEPTHS, self.vectors))
        assert dict(self.matcher.followed(self.needs, DEPTHS, self.vectors)) == anew
        assert isinstance(self.matcher._following, Following)
        return self.matcher._following.anew


@pytest.mark.parametrize("spare", [0, 2, 16])
@pytest.mark.parametrize("second", [False, True], ids=["one encoder", "two encoders"])
def test_following_changes_gives_what_ranking_anew_gives(
    monkeypatch: pytest.MonkeyPatch, second: bool, spare: int
) -> None:
    monkeypatch.setattr(following, "SPARE", spare)
    portal = Portal(spare, second=second)
    assert portal.agrees() == NEEDS
    ranked = 0
    for number in range(CHANGES):
        for _change in range(1 + number % 3):
            portal.change()
        ranked += portal.agrees()
    assert ranked < 0.5 * NEEDS * CHANGES or spare < 16


def test_an_offer_that_answers_a_need_enters_its_list_without_ranking_the_others() -> None:
    portal = Portal(9)
    portal.agrees()
    one = replace(portal.offers[0], id=9_999, description=portal.needs[3].text)
    portal.matcher.upsert([one], {one.id: portal.vectors[3][None]})
    found = dict(portal.matcher.followed(portal.needs, DEPTHS, portal.vectors))
    assert found[3]["market"].first[0][0] == 9_999
    assert portal.matcher._following is not None
    assert portal.matcher._following.anew < NEEDS / 2


def test_a_need_edited_or_a_word_that_becomes_known_is_read_anew() -> None:
    portal = Portal(5)
    portal.needs[0] = Need("", "zymurgiste brassicole")
    portal.agrees()
    portal.needs[1] = replace(portal.needs[1], text=f"{portal.needs[1].text} mot77")
    one = replace(portal.offers[2], description="zymurgistes")
    portal.offers[one.id] = one
    portal.matcher.upsert([one], {one.id: portal.rows(1)})
    portal.agrees()


def test_many_changes_at_once_are_ranked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_CHANGED", 3)
    portal = Portal(6)
    portal.agrees()
    for _change in range(12):
        portal.change()
    assert portal.agrees() == NEEDS
