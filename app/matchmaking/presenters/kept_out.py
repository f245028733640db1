"""Solutions that answer a need but for its criteria: what each lacks, and who could attest it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.i18n import gettext as _
from app.matchmaking.presenters.proposals import reason_text
from app.matchmaking.queries.runs import KeptOffer
from app.offers.models import Offer
from app.reference.enums import VerificationPolicy
from app.reference.models import Criterion

PASSING = {"met", "not_applicable"}


@dataclass(frozen=True, slots=True)
class Missing:
    """A criterion that a solution does not meet: why, and who could say or prove it."""

    criterion: str
    why: str
    who: str


@dataclass(frozen=True, slots=True)
class KeptOut:
    """An offer of the need's function, at the version that was read, and all that it lacks."""

    offer: Offer
    offer_version: int
    score: float
    fit: str
    passages: tuple[str, ...]
    missing: tuple[Missing, ...]


def kept_out(kept: Iterable[KeptOffer], criteria: Mapping[str, Criterion]) -> list[KeptOut]:
    """In the order given: best first."""
    return [
        KeptOut(
            one.offer,
            one.offer_version,
            one.score,
            one.explanation.get("fit", ""),
            tuple(passage["text"] for passage in one.explanation["passages"][:1]),
            missing_of(one.explanation["outcomes"], one.offer, criteria),
        )
        for one in kept
    ]


def missing_of(
    outcomes: Sequence[Mapping[str, Any]], offer: Offer, criteria: Mapping[str, Criterion]
) -> tuple[Missing, ...]:
    """What an offer lacks among the criteria of a need."""
    return tuple(
        Missing(
            str(criteria[key].label) if key in criteria else key,
            reason_text(outcome),
            _who(criteria.get(key), offer, outcome),
        )
        for outcome in outcomes
        if outcome["outcome"] not in PASSING
        for key in [outcome["criterion"]]
    )


def fewest_first(kept: Iterable[KeptOut]) -> list[KeptOut]:
    """Those that lack the least first, then the best."""
    return sorted(kept, key=lambda one: (len(one.missing), -one.score))


def _who(criterion: Criterion | None, offer: Offer, outcome: Mapping[str, Any]) -> str:
    if outcome["reason_code"] == "left_to_buyer":
        return _("l’hébergeur que vous choisirez")
    holder = offer.organisation.name if offer.organisation else _("l’hébergeur que vous choisirez")
    if criterion is not None and criterion.verification_policy is VerificationPolicy.REGISTRY:
        return _("%(holder)s, d’après le registre de l’autorité qui qualifie", holder=holder)
    if outcome["reason_code"] in {"declared_only", "not_established", "to_confirm"}:
        return _("la modération, sur une preuve de %(holder)s", holder=holder)
    return holder
