"""What a registry answers to a claim: it qualifies a service, for a scope, between two days; no company."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from app.claims import services as ledger
from app.claims.enums import ClaimStatus, Verdict
from app.claims.models import Claim
from app.core.errors import DomainError
from app.core.i18n import format_date
from app.core.i18n import gettext as _
from app.moderation.queries.registries import RegistryMatch, claims_of_registry, registry_matches
from app.moderation.services.telling import write_to_its_people
from app.offers.models import Offer
from app.permissions import SYSTEM
from app.reference.enums import SENSITIVE_DATA_CRITERION


class Stand(enum.Enum):
    """SUPPORTED: this very service, now. ENDED: this service, no longer or not yet. OTHER: a service of the
    same provider, or one that the claim names. ABSENT: nothing close, which proves nothing of a name."""

    SUPPORTED = "supported"
    ENDED = "ended"
    OTHER = "other"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class RegistryAnswer:
    stand: Stand
    words: str


def registry_answer(claim: Claim, offer: Offer | None) -> RegistryAnswer:
    """What the registry says today of a claim about it, with the reason as its vendor will read it."""
    matches = registry_matches(claim, offer)
    exact = [match for match in matches if match.is_exact]
    if any(match.is_in_force for match in exact):
        return RegistryAnswer(
            Stand.SUPPORTED, _supported(next(match for match in exact if match.is_in_force))
        )
    if exact:
        return RegistryAnswer(Stand.ENDED, _ended(exact[0]))
    other = next((match for match in matches if match.same_provider or match.is_named), None)
    if other is not None:
        return RegistryAnswer(Stand.OTHER, _other(other, offer))
    return RegistryAnswer(
        Stand.ABSENT, _("Le registre SecNumCloud ne nomme ni ce fournisseur ni ce service.")
    )


def doubt_of(claim: Claim, offer: Offer | None) -> str:
    """Why verifying this claim would go against the registry; "" where the registry says the same, or
    nothing is read in one."""
    if claim.attribute_key != SENSITIVE_DATA_CRITERION or claim.value is not True:
        return ""
    answer = registry_answer(claim, offer)
    if answer.stand is Stand.SUPPORTED:
        return ""
    return _("%(words)s La vérifier demande deux avis.", words=answer.words)


def review_claims() -> list[str]:
    """Read every claim about the registry again: contradict what it proves wrong, verify what it bears out
    and somebody asked of it; answers what was done, a line each. A second time changes nothing."""
    done = []
    for claim, offer in claims_of_registry():
        answer = registry_answer(claim, offer)
        name = offer.name if offer is not None else ""
        if answer.stand in (Stand.ENDED, Stand.OTHER) and claim.status is not ClaimStatus.CONTRADICTED:
            ledger.contradict_claim(SYSTEM, claim, reason=answer.words)
            write_to_its_people(claim, answer.words)
            done.append(_("%(offer)s : attestation contredite. %(why)s", offer=name, why=answer.words))
        elif answer.stand is Stand.SUPPORTED and _may_verify(claim):
            done += _verified(claim, name, answer.words)
    return done


def vanished_note(names: Iterable[str]) -> list[str]:
    """What is said of the services that a newer registry no longer holds."""
    gone = ", ".join(names)
    return [_("Services qui n’y figurent plus, marqués retirés : %(names)s.", names=gone)] if gone else []


def _may_verify(claim: Claim) -> bool:
    """Asked of moderators, or contradicted by the registry itself before it changed."""
    by_registry = claim.status is ClaimStatus.CONTRADICTED and claim.decided_by_id is None
    return by_registry or (claim.awaits_verification and claim.status is not ClaimStatus.CONTRADICTED)


def _verified(claim: Claim, name: str, words: str) -> list[str]:
    try:
        if claim.status is ClaimStatus.CONTRADICTED:
            ledger.reopen_decision(SYSTEM, claim, reason=words)
        ledger.decide_claim(SYSTEM, claim, verdict=Verdict.VERIFIED, reason=words)
    except DomainError as error:
        return [_("%(offer)s : à examiner. %(why)s", offer=name, why=error.message)]
    write_to_its_people(claim, words)
    return [_("%(offer)s : attestation vérifiée. %(why)s", offer=name, why=words)]


def _supported(match: RegistryMatch) -> str:
    row = match.service
    return _(
        "Le registre SecNumCloud qualifie %(service)s de %(provider)s (%(scope)s)%(until)s.",
        service=row.service_name,
        provider=row.provider,
        scope=row.scope,
        until=_until(match),
    )


def _ended(match: RegistryMatch) -> str:
    row = match.service
    if match.is_expired and row.valid_until is not None:
        return _(
            "Le registre SecNumCloud dit la qualification de %(service)s terminée le %(day)s.",
            service=row.service_name,
            day=format_date(row.valid_until, "long"),
        )
    words = {
        "in_progress": _("Le registre SecNumCloud dit la qualification de %(service)s encore en cours."),
        "suspended": _("Le registre SecNumCloud dit la qualification de %(service)s suspendue."),
        "withdrawn": _("Le registre SecNumCloud ne qualifie plus %(service)s."),
    }
    said = words.get(row.status, _("Le registre SecNumCloud ne dit pas %(service)s qualifié aujourd’hui."))
    return str(said) % {"service": row.service_name}


def _until(match: RegistryMatch) -> str:
    last = match.service.valid_until
    return _(" jusqu’au %(day)s", day=format_date(last, "long")) if last else ""


def _other(match: RegistryMatch, offer: Offer | None) -> str:
    row = match.service
    return _(
        "Le registre SecNumCloud qualifie %(service)s de %(provider)s (%(scope)s)%(until)s, non "
        "« %(offer)s » : être hébergé sur un service qualifié n’est pas une qualification du service "
        "lui-même.",
        service=row.service_name,
        provider=row.provider,
        scope=row.scope,
        until=_until(match),
        offer=offer.name if offer is not None else _("cette offre"),
    )
