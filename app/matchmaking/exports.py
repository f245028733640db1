"""A match run as a page shows it: kinds in the circular's order, bars, outcomes in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.i18n import gettext as _
from app.offers.enums import OfferKind


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """`run` is the latest MatchRun or None; the rest is looked up once for the whole page."""

    run: Any
    criteria: Mapping[str, Any]
    near_offers: Mapping[int, Any]
    shortlisted: set[int]
    verdicts: Mapping[int, bool]

    def proposals(self, kind: OfferKind) -> list[Any]:
        return (
            [proposal for proposal in self.run.proposals if proposal.offer.kind is kind] if self.run else []
        )

    def exclusions(self, kind: OfferKind) -> Mapping[str, Any]:
        empty: dict[str, Any] = {"eligible": 0, "total": 0, "per_criterion": {}, "counterfactuals": {}}
        return self.run.exclusions.get(kind.value, empty) if self.run else empty

    def near_misses(self, kind: OfferKind) -> list[tuple[Any, Mapping[str, Any]]]:
        """(offer, failing outcome) of the offers that lack exactly one criterion."""
        return [
            (self.near_offers[miss["offer_id"]], miss["failing"])
            for miss in (self.run.near_misses if self.run else [])
            if miss["kind"] == kind.value and miss["offer_id"] in self.near_offers
        ]

    def label(self, criterion_key: str) -> str:
        """Label of a criterion; "key@declared" stands for accepting a mere declaration of it."""
        key, _sep, level = criterion_key.partition("@")
        name = str(self.criteria[key].label) if key in self.criteria else key
        return _("%(name)s, sur simple déclaration", name=name) if level else name

    @staticmethod
    def signal(name: str) -> str:
        """A signal of the score in words."""
        words = {
            "dense": _("Sens du texte"),
            "lexical": _("Mots en commun"),
        }
        return words.get(name, name)

    @staticmethod
    def reason(outcome: Mapping[str, Any]) -> str:
        """Why a criterion is met or not, in words."""
        words = {
            "verified": _("vérifié par la modération"),
            "declared": _("déclaré par le fournisseur"),
            "declared_only": _("déclaré, pas encore vérifié"),
            "no_fact": _("aucune déclaration"),
            "refuted": _("réfuté"),
            "declared_false": _("le fournisseur déclare ne pas le remplir"),
            "implied": _("découle d’un critère plus exigeant"),
        }
        return words.get(str(outcome["reason_code"]), str(outcome["reason_code"]))
