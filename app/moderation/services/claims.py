"""Moderators decide on claims, and whoever answers for them is told."""

from app.claims import services as ledger
from app.claims.enums import Verdict
from app.claims.models import Claim
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.moderation.queries.claims import find_offer
from app.moderation.services.registries import doubt_of
from app.moderation.services.telling import write_to_its_people
from app.permissions import Actor


def decide_claim(
    actor: Actor,
    claim: Claim,
    *,
    verdict: Verdict,
    reason: str,
    found: object = None,
    seen_version: int | None = None,
) -> bool:
    """See `app.claims.services.decide_claim`: a verification against the registry is in doubt. Once it is
    decided, the members of the organisation are written to.

    Raises RuleBroken where the offer has had another version since `seen_version` was read."""
    offer = find_offer(claim)
    version = offer.version if offer is not None else None
    if seen_version is not None and seen_version != version:
        raise RuleBroken(_("L’offre a changé pendant votre lecture : relisez-la avant de décider."))
    doubt = doubt_of(claim, offer) if verdict is Verdict.VERIFIED else ""
    done = ledger.decide_claim(
        actor,
        claim,
        verdict=verdict,
        reason=reason,
        found=found,
        offer_version=version or None,
        doubt=doubt,
    )
    if not done:
        return False
    write_to_its_people(claim, reason.strip())
    return True


def reopen_decision(actor: Actor, claim: Claim, *, reason: str) -> None:
    """See `app.claims.services.reopen_decision`; the members of the organisation are written to."""
    ledger.reopen_decision(actor, claim, reason=reason)
    write_to_its_people(claim, reason.strip())
