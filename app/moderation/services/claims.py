"""Deciding on claims: a person says whether the evidence holds, why, and may think again."""

from typing import Literal

from app.accounts.queries import readers_of
from app.audit.services import record
from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.claims.services import tell_of_claim
from app.core.clock import now
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import format_datetime
from app.core.i18n import gettext as _
from app.moderation.queries.claims import find_offer, lock_claim
from app.moderation.queries.journal import name_of
from app.outbox.services import send_mail
from app.permissions import Actor, Permission, require

Verdict = Literal["verified", "refuted"]


def decide_claim(actor: Actor, claim: Claim, *, verdict: Verdict, reason: str) -> None:
    """Verify or refute a declared claim, with a reason its vendor will read.

    Raises InvalidTransition, telling who decided and when, if somebody else was first."""
    require(actor, Permission.CLAIM_DECIDE)
    given = _reason(reason)
    lock_claim(claim)
    if claim.status is not ClaimStatus.DECLARED:
        raise InvalidTransition(_already_decided(claim))
    claim.status, claim.awaits_verification = ClaimStatus(verdict), False
    claim.decided_by_id, claim.decided_at, claim.decision_reason = actor.user_id, now(), given
    record(actor, f"claim.{verdict}", claim, criterion=claim.criterion_key, reason=given)
    _tell(claim, given)


def reopen_decision(actor: Actor, claim: Claim, *, reason: str) -> None:
    """Undo a decision: the claim is only declared again, and waits for another decision."""
    require(actor, Permission.CLAIM_DECIDE)
    given = _reason(reason)
    lock_claim(claim)
    if claim.status is ClaimStatus.DECLARED:
        raise InvalidTransition(_("Cette attestation attend déjà une décision."))
    undone = {"status": claim.status.value, "reason": claim.decision_reason, "by": claim.decided_by_id}
    claim.status, claim.awaits_verification = ClaimStatus.DECLARED, True
    claim.decided_by_id, claim.decided_at, claim.decision_reason = None, None, ""
    record(actor, "claim.reopened", claim, criterion=claim.criterion_key, reason=given, undone=undone)
    _tell(claim, given)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken(fields={"reason": _("Dites pourquoi : le fournisseur lira cette raison.")})
    return reason.strip()


def _already_decided(claim: Claim) -> str:
    who = name_of(claim.decided_by_id) or _("le portail")
    when = format_datetime(claim.decided_at, "d MMMM y, HH:mm")
    if claim.status is ClaimStatus.VERIFIED:
        text = _("Cette attestation a déjà été vérifiée par %(who)s (%(when)s).", who=who, when=when)
    else:
        text = _("Cette attestation a déjà été refusée par %(who)s (%(when)s).", who=who, when=when)
    return str(text)


def _tell(claim: Claim, reason: str) -> None:
    """Let matching know, and write to the members of the organisation that made the claim."""
    tell_of_claim(claim)
    if claim.organisation_id is None:
        return
    send_mail(
        to=readers_of(claim.organisation_id),
        subject=lambda: _mail(claim, reason)[0],
        body=lambda: _mail(claim, reason)[1],
        about="claim.decided",
    )


def _mail(claim: Claim, reason: str) -> tuple[str, str]:
    offer = find_offer(claim)
    criterion, about = claim.criterion.label, offer.name if offer else _("votre organisation")
    match claim.status:
        case ClaimStatus.VERIFIED:
            subject = _("Attestation vérifiée : %(criterion)s", criterion=criterion)
        case ClaimStatus.REFUTED:
            subject = _("Attestation refusée : %(criterion)s", criterion=criterion)
        case ClaimStatus.DECLARED:
            subject = _("Attestation à réexaminer : %(criterion)s", criterion=criterion)
    body = _(
        "Bonjour,\n\n%(subject)s.\nElle concerne : %(about)s.\n\n"
        "Raison donnée par la modération :\n%(reason)s\n\n"
        "Vous retrouvez cette attestation dans « Mes offres ». Si la décision vous semble erronée, "
        "déclarez-la de nouveau avec une preuve plus complète.\n\nL’équipe de Trait d’union\n",
        subject=subject,
        about=about,
        reason=reason,
    )
    return subject, body
