"""A match run as a page shows it: kinds in the circular's order, bars, outcomes in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.i18n import gettext as _
from app.offers.enums import OfferKind

PLACES_OF_A_VENDOR = 2
VERIFIED = 2  # `required_level` of a criterion that must be verified


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """`run` is the latest MatchRun or None; the rest is looked up once for the whole page."""

    run: Any
    criteria: Mapping[str, Any]
    near_offers: Mapping[int, Any]
    shortlisted: set[int]
    verdicts: Mapping[int, bool]
    kept: Sequence[Any] = ()

    def kept_out(self, kind: OfferKind) -> list[Any]:
        """Solutions of this kind that answer the need but for its criteria, best first."""
        return [one for one in self.kept if one.offer.kind is kind]

    def fitting(self, kind: OfferKind) -> list[Any]:
        """Eligible offers that answer at least possibly; of the State's, all those of the same function."""
        return [
            proposal
            for proposal in self.proposals(kind)
            if proposal.explanation.get("fit") != "weak"
            or (kind is OfferKind.MUTUALISED and proposal.explanation.get("serves"))
        ]

    def studied(self) -> list[Any]:
        """Step 1: the State's solutions by fit whatever the criteria, eligible or not; the page tells them
        apart by `missing`."""
        kind = OfferKind.MUTUALISED
        return sorted([*self.fitting(kind), *self.kept_out(kind)], key=lambda one: -one.score)

    def vendors(self, kind: OfferKind) -> list[tuple[Any, list[Any]]]:
        """(offer, others of the same vendor folded under it): a vendor has two places of its own."""
        shown: list[tuple[Any, list[Any]]] = []
        seconds: dict[int, list[Any]] = {}
        held: dict[int, int] = {}
        for proposal in self.fitting(kind):
            vendor = proposal.offer.organisation_id
            if vendor in seconds:
                seconds[vendor].append(proposal)
                continue
            folded: list[Any] = []
            if vendor is not None:
                held[vendor] = held.get(vendor, 0) + 1
                if held[vendor] == PLACES_OF_A_VENDOR:
                    seconds[vendor] = folded
            shown.append((proposal, folded))
        return shown

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

    def together(self, kind: OfferKind) -> list[tuple[str, int]]:
        """Criteria that exclude offers only jointly, in words, with how many; the largest groups first."""
        groups = sorted(self.exclusions(kind).get("together", []), key=lambda group: -group[1])
        return [(_listed([f"« {self.label(key)} »" for key in keys]), count) for keys, count in groups]

    @staticmethod
    def signal(name: str) -> str:
        """A signal of the score in words."""
        words = {
            "dense": _("Sens du texte"),
            "second": _("Sens du texte, second encodeur"),
            "function": _("Fonction en commun"),
            "lexical": _("Mots en commun"),
        }
        return words.get(name, name)

    def reason(self, outcome: Mapping[str, Any]) -> str:
        """Why a criterion is met or not, in words."""
        if outcome["reason_code"] == "implied":
            return _("découle de « %(name)s »", name=self.label(outcome["decided_by"]))
        return reason_text(outcome)


def reason_text(outcome: Mapping[str, Any]) -> str:
    """Why a criterion is met or not, in words."""
    words = {
        "verified": _("vérifié par la modération"),
        "declared": _("déclaré par le fournisseur"),
        "declared_only": _("déclaré, pas encore vérifié"),
        "no_fact": _("aucune déclaration"),
        "refuted": _("établi comme non rempli par la modération"),
        "not_established": _("déclaré ; la preuve examinée ne suffit pas"),
        "to_confirm": _("vérifié avant un changement de l’offre, à confirmer"),
        "expired": _("l’attestation a expiré"),
        "not_yet": _("l’attestation ne vaut pas encore"),
        "left_to_buyer": _("sans objet : dépend de l’hébergeur que vous choisirez"),
        "declared_false": _("le fournisseur déclare ne pas le remplir"),
        "implied": _("découle d’un critère plus exigeant"),
    }
    return words.get(str(outcome["reason_code"]), str(outcome["reason_code"]))


def remedy_text(outcome: Mapping[str, Any]) -> str:
    """What would make an unmet criterion pass, in words; nothing for a met one."""
    verified = outcome["required_level"] == VERIFIED
    words = {
        "declared_only": _("Il manque la vérification : le fournisseur peut la demander avec sa preuve."),
        "no_fact": _("Une déclaration vérifiée avec sa preuve suffirait.")
        if verified
        else _("Une déclaration du fournisseur suffirait."),
        "not_established": _("Il manque une preuve suffisante : le fournisseur peut en joindre une autre."),
        "to_confirm": _("Un modérateur doit confirmer que l’attestation vaut encore."),
        "expired": _("Il faudrait une attestation en cours de validité."),
        "left_to_buyer": _("Installez ce logiciel chez un hébergeur qui remplit ce critère."),
        "refuted": _("Il faudrait une nouvelle preuve, vérifiée par la modération."),
        "declared_false": _("Il faudrait que l’offre change, puis que le fournisseur le déclare."),
    }
    return words.get(str(outcome["reason_code"]), "")


def proof_of(outcome: Mapping[str, Any]) -> dict[str, Any] | None:
    """The evidence kept with a run, its dates as dates; None where no claim decided."""
    proof = outcome.get("proof")
    if proof is None:
        return None
    until = proof["valid_until"]
    dates = {"said_on": date.fromisoformat(proof["said_on"])}
    return {**proof, **dates, "valid_until": date.fromisoformat(until) if until else None}


def _listed(names: list[str]) -> str:
    return _("%(first)s et %(last)s", first=", ".join(names[:-1]), last=names[-1])
