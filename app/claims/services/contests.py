"""Contesting a claim in force: with evidence, with the vendor's answer, decided by moderators."""

from datetime import timedelta

from app.accounts.queries import readers_of
from app.audit.services import record
from app.claims.enums import ClaimStatus, ContestStatus, Visibility
from app.claims.models import Claim, Contest
from app.claims.queries import may_write
from app.claims.services.decisions import contradict_claim, refuse_own
from app.claims.services.evidence import new_piece, store
from app.claims.services.receiving import Received
from app.core.clock import now, today
from app.core.db import flush_for_id, hold
from app.core.errors import Forbidden, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.outbox.services import send_mail
from app.permissions import Actor, Permission, require

REPLY_WITHIN = timedelta(days=10)
"""Until then, nothing is held against a vendor who has not answered."""


def contest_claim(
    actor: Actor,
    claim: Claim,
    *,
    reason: str,
    received: Received | None = None,
    url: str = "",
    title: str = "",
) -> Contest:
    """Say with evidence that what counts today is wrong; its vendor is told, and may answer."""
    require(actor, Permission.CLAIM_CONTEST)
    if actor.user_id is None:
        raise Forbidden(_("Connectez-vous pour contester."))
    hold(claim)
    if claim.status in (ClaimStatus.CONTRADICTED, ClaimStatus.WITHDRAWN) or claim.has_expired(today()):
        raise InvalidTransition(_("Cette attestation ne compte plus : il n’y a rien à contester."))
    if claim.organisation_id in actor.organisations():
        raise InvalidTransition(_("C’est l’attestation de votre organisation : corrigez-la, ou retirez-la."))
    if any(one.status is ContestStatus.OPEN and one.by_id == actor.user_id for one in claim.contests):
        raise InvalidTransition(_("Votre contestation de cette attestation attend déjà une décision."))
    if not reason.strip():
        raise RuleBroken(fields={"reason": _("Dites ce qui est faux, et ce que montre la preuve.")})
    piece = new_piece(received, url, title)
    contest = Contest(claim_id=claim.id, by_id=actor.user_id, reason=reason.strip())
    claim.contests.append(contest)
    flush_for_id()
    piece.claim_id, piece.contest_id, piece.added_by_id = claim.id, contest.id, actor.user_id
    piece.visibility = Visibility.RESTRICTED
    contest.pieces.append(piece)
    flush_for_id()
    record(actor, "claim.contested", claim, criterion=claim.attribute_key)
    _tell_vendor(claim)
    store(received)
    return contest


def answer_contest(actor: Actor, claim: Claim, contest: Contest, *, answer: str) -> None:
    """The vendor's reply, public with the decision."""
    if not may_write(actor, claim.organisation_id):
        raise Forbidden(_("Votre compte ne permet pas cette action."))
    _require_open(contest)
    if not answer.strip():
        raise RuleBroken(
            fields={"answer": _("Écrivez votre réponse : un modérateur la lira, et elle sera publiée.")}
        )
    contest.answer, contest.answered_at = answer.strip(), now()
    record(actor, "claim.contest_answered", claim, criterion=claim.attribute_key, statement=contest.answer)


def dismiss_contest(actor: Actor, claim: Claim, contest: Contest, *, reason: str) -> None:
    """The claim stands; everyone reads why."""
    _check_decision(actor, claim, contest, reason)
    _close(actor, contest, ContestStatus.DISMISSED, reason)
    record(actor, "claim.contest_dismissed", claim, criterion=claim.attribute_key, reason=reason.strip())


def uphold_contest(
    actor: Actor, claim: Claim, contest: Contest, *, reason: str, found: object = None
) -> bool:
    """Hold it founded: the second moderator who does contradicts the claim; False for the first. The vendor
    has answered, or had REPLY_WITHIN to."""
    _check_decision(actor, claim, contest, reason)
    if contest.answered_at is None and now() < contest.at + REPLY_WITHIN:
        raise InvalidTransition(
            _("Le fournisseur a %(n)s jours pour répondre : attendez sa réponse.", n=REPLY_WITHIN.days)
        )
    if contest.seconded_by_id is None:
        contest.seconded_by_id = actor.user_id
        record(actor, "claim.contest_seconded", claim, criterion=claim.attribute_key, reason=reason.strip())
        return False
    if contest.seconded_by_id == actor.user_id:
        raise InvalidTransition(_("Vous l’avez jugée fondée : un second modérateur doit le confirmer."))
    contradict_claim(actor, claim, reason=reason.strip(), found=found)
    for one in claim.contests:
        if one.status is ContestStatus.OPEN:
            _close(actor, one, ContestStatus.UPHELD, reason)
    return True


def _check_decision(actor: Actor, claim: Claim, contest: Contest, reason: str) -> None:
    require(actor, Permission.CLAIM_DECIDE)
    refuse_own(actor, claim)
    hold(contest)
    _require_open(contest)
    if contest.by_id == actor.user_id:
        raise Forbidden(_("Cette contestation est la vôtre : un autre modérateur en décide."))
    if not reason.strip():
        raise RuleBroken(fields={"reason": _("Dites pourquoi : chacun lira cette raison.")})


def _close(actor: Actor, contest: Contest, status: ContestStatus, reason: str) -> None:
    contest.status, contest.decision_reason = status, reason.strip()
    contest.decided_by_id, contest.decided_at = actor.user_id, now()
    for piece in contest.pieces:
        piece.examined_at = now()


def _require_open(contest: Contest) -> None:
    if contest.status is not ContestStatus.OPEN:
        raise InvalidTransition(_("Cette contestation est déjà tranchée."))


def _tell_vendor(claim: Claim) -> None:
    if claim.organisation_id is None:
        return
    label = claim.attribute.label
    send_mail(
        to=readers_of(claim.organisation_id),
        subject=lambda: _("Attestation contestée : %(criterion)s", criterion=label),
        body=lambda: _(
            "Bonjour,\n\nUne personne inscrite conteste votre attestation « %(criterion)s », avec une "
            "preuve.\nLisez-la et répondez depuis « Mes offres », page des attestations : la modération ne "
            "retient rien contre vous pendant %(n)s jours sans votre réponse.\n\nL’équipe de Trait d’union\n",
            criterion=label,
            n=REPLY_WITHIN.days,
        ),
        about="claim.contested",
    )
