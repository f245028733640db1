"""Deciding on claims: a person says whether the evidence holds, why, and may think again."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.accounts.models import User
from app.audit.services import record, record_refusal
from app.claims.enums import ClaimStatus, Verdict
from app.claims.models import Claim, Evidence, ProposedDecision, Subject
from app.claims.queries import standing_claims
from app.claims.services.consistency import refuse_contrary
from app.claims.services.declaring import tell_of_claim
from app.claims.services.evidence import note_examined
from app.core.clock import now
from app.core.db import db, flush_for_id, hold
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.core.i18n import format_datetime
from app.core.i18n import gettext as _
from app.permissions import Actor, Permission, require
from app.reference.enums import AttributeType
from app.reference.services import Stored, checked_value

Change = tuple[str, str, str]
"""A field of an offer, as it was when a claim was verified and as it is now."""


def decide_claim(
    actor: Actor,
    claim: Claim,
    *,
    verdict: Verdict,
    reason: str,
    found: object = None,
    offer_version: int | None = None,
    doubt: str = "",
) -> bool:
    """Say what the evidence of an open claim is worth, with a reason its vendor will read. False where it is
    only proposed, to be confirmed by a second moderator: a contradiction, or what a `doubt` stands against.

    `found` is what the evidence establishes instead of a contradicted value; of a yes or no, it is the other.
    `offer_version` is the one that was read: a verified claim speaks of it from now on.
    Verifying closes the findings to the contrary that came before. Raises InvalidTransition, telling who
    decided and when, if somebody else was first."""
    require(actor, Permission.CLAIM_DECIDE)
    refuse_own(actor, claim)
    given = _reason(reason)
    hold(claim)
    if not claim.is_open:
        raise InvalidTransition(_already_decided(claim))
    if verdict is not Verdict.CONTRADICTED:
        refuse_contrary(claim, field="verdict")
    established = _found(claim, found) if verdict is Verdict.CONTRADICTED else None
    why = doubt or (_("Contredire une attestation demande deux avis.") if established is not None else "")
    if why and not actor.is_system and not _is_second(actor, claim, verdict, established):
        _propose(
            actor, claim, ProposedDecision(verdict=verdict, found=established, reason=given, why=str(why))
        )
        return False
    if verdict is Verdict.VERIFIED:
        _close_findings(actor, claim)
        claim.offer_version = offer_version or claim.offer_version
    claim.found, claim.proposed = established, None
    claim.status, claim.awaits_verification = ClaimStatus(verdict.value), False
    claim.decided_by_id, claim.decided_at, claim.decision_reason = actor.user_id, now(), given
    claim.changes = []
    note_examined(claim.evidence)
    record(actor, f"claim.{verdict.value}", claim, criterion=claim.attribute_key, reason=given)
    tell_of_claim(claim)
    return True


def contradict_claim(actor: Actor, claim: Claim, *, reason: str, found: object = None) -> None:
    """What two moderators, or a registry, hold against a claim that counts, whatever was decided before."""
    require(actor, Permission.CLAIM_DECIDE)
    hold(claim)
    if claim.status in (ClaimStatus.CONTRADICTED, ClaimStatus.WITHDRAWN):
        raise InvalidTransition(_already_decided(claim))
    before = claim.status.value
    claim.found, claim.proposed = _found(claim, found), None
    claim.status, claim.awaits_verification = ClaimStatus.CONTRADICTED, False
    claim.decided_by_id, claim.decided_at, claim.decision_reason = actor.user_id, now(), reason
    claim.changes = []
    note_examined(claim.evidence)
    told = {"reason": reason, "before": before}
    record(actor, "claim.contradicted", claim, criterion=claim.attribute_key, **told)
    tell_of_claim(claim)


def reopen_decision(actor: Actor, claim: Claim, *, reason: str) -> None:
    """Undo a decision: the claim is only declared again, and waits for another decision."""
    require(actor, Permission.CLAIM_DECIDE)
    refuse_own(actor, claim)
    given = _reason(reason)
    hold(claim)
    if claim.status in (ClaimStatus.DECLARED, ClaimStatus.WITHDRAWN):
        raise InvalidTransition(_("Cette attestation n’a pas de décision à rouvrir."))
    refuse_contrary(claim, field="reason")
    undone = {"status": claim.status.value, "reason": claim.decision_reason, "by": claim.decided_by_id}
    claim.status, claim.awaits_verification, claim.found = ClaimStatus.DECLARED, True, None
    claim.decided_by_id, claim.decided_at, claim.decision_reason = None, None, ""
    record(actor, "claim.reopened", claim, criterion=claim.attribute_key, reason=given, undone=undone)
    tell_of_claim(claim)


def refuse_own(actor: Actor, claim: Claim) -> None:
    """Nobody decides on what their own organisation says; that they tried is noted."""
    if actor.is_system or claim.organisation_id not in actor.organisations():
        return
    record_refusal(actor, "claim.own_refused", claim, criterion=claim.attribute_key)
    raise Forbidden(_("Cette attestation est celle de votre organisation : un autre modérateur en décide."))


def put_to_confirm(
    actor: Actor, *, offer_id: int, version: int, reason: str, changes: Sequence[Change] = ()
) -> int:
    """What an offer's claims verified on an earlier version speak of has changed with `version`: they are
    worth a declaration until a moderator confirms them, who reads every change since. Answers how many.

    Called by the publication of a substantive change, or by a moderator who overrules a "correction"."""
    earlier = sa.or_(Claim.offer_version.is_(None), Claim.offer_version < version)
    states = (ClaimStatus.VERIFIED, ClaimStatus.TO_CONFIRM)
    verified = sa.select(Claim).where(Claim.offer_id == offer_id, Claim.status.in_(states), earlier)
    claims = db.session.scalars(verified.order_by(Claim.id).with_for_update()).all()
    for claim in claims:
        claim.status, claim.awaits_verification = ClaimStatus.TO_CONFIRM, True
        claim.changes = [*claim.changes, *(list(change) for change in changes)]
        record(
            actor, "claim.to_confirm", claim, criterion=claim.attribute_key, version=version, reason=reason
        )
        tell_of_claim(claim)
    return len(claims)


def carry_contradictions(actor: Actor, from_offer_id: int, *, to: Subject) -> int:
    """Copying an offer does not wash off what was found against it. Answers how many findings follow."""
    query = sa.select(Claim).where(Claim.offer_id == from_offer_id, Claim.status == ClaimStatus.CONTRADICTED)
    kept = ("attribute_key", "value", "found", "statement", "issuer", "scope", "valid_from", "valid_until")
    decided = ("origin", "status", "decided_by_id", "decided_at", "decision_reason", "answer")
    findings = db.session.scalars(query.order_by(Claim.id)).all()
    for finding in findings:
        values = {name: getattr(finding, name) for name in (*kept, *decided)}
        copy = Claim(
            offer_id=to.offer_id,
            organisation_id=to.organisation_id,
            offer_version=to.version,
            awaits_verification=finding.awaits_verification,
            **values,
        )
        copy.pieces = [_copied(piece) for piece in finding.evidence]
        db.session.add(copy)
        flush_for_id()
        record(actor, "claim.carried", copy, criterion=copy.attribute_key)
    return len(findings)


def _is_second(actor: Actor, claim: Claim, verdict: Verdict, found: Stored | None) -> bool:
    """Whether somebody else has proposed the very same."""
    first = claim.proposed
    if first is None or (first.verdict, first.found) != (verdict, found):
        return False
    if first.by_id == actor.user_id:
        raise InvalidTransition(
            _("Vous avez proposé cette décision : un second modérateur doit la confirmer.")
        )
    return True


def _propose(actor: Actor, claim: Claim, proposed: ProposedDecision) -> None:
    """Instead of what another may have proposed. A claim with a decision under way waits in the queue."""
    if actor.user_id is None:
        raise Forbidden(_("Votre compte ne permet pas cette action."))
    if claim.proposed is not None:
        claim.proposed = None
        flush_for_id()
    proposed.by_id, claim.proposed, claim.awaits_verification = actor.user_id, proposed, True
    told = {"verdict": proposed.verdict.value, "reason": proposed.reason}
    record(actor, "claim.proposed", claim, criterion=claim.attribute_key, **told)


def _copied(piece: Evidence) -> Evidence:
    kept = ("title", "url", "sha256", "media_type", "size", "pages", "visibility", "added_by_id", "added_at")
    return Evidence(**{name: getattr(piece, name) for name in (*kept, "scanned_at", "examined_at")})


def _close_findings(actor: Actor, claim: Claim) -> None:
    for other in standing_claims(claim):
        if other.status is ClaimStatus.CONTRADICTED and other.found != claim.value:
            other.status, other.withdrawn_at, other.awaits_verification = ClaimStatus.WITHDRAWN, now(), False
            record(actor, "claim.superseded", other, criterion=other.attribute_key)


def _found(claim: Claim, found: object) -> Stored:
    if claim.attribute.type is AttributeType.YES_NO:
        return not claim.value
    established = checked_value(claim.attribute, found, field="found")
    if established == claim.value:
        raise RuleBroken(fields={"found": _("C’est ce que l’attestation affirme : elle est donc vérifiée.")})
    return established


def _reason(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken(fields={"reason": _("Dites pourquoi : le fournisseur lira cette raison.")})
    return reason.strip()


def _already_decided(claim: Claim) -> str:
    if claim.status is ClaimStatus.WITHDRAWN:
        return str(_("Cette attestation a été retirée : il n’y a plus rien à décider."))
    decider = db.session.get(User, claim.decided_by_id) if claim.decided_by_id else None
    who = decider.name if decider else _("le portail")
    when = format_datetime(claim.decided_at, "d MMMM y, HH:mm")
    return str(_("Cette attestation a déjà été examinée par %(who)s (%(when)s).", who=who, when=when))
