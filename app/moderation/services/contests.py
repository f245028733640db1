"""Moderators decide on contests; the vendor and whoever contested are told."""

from app.accounts.models import User
from app.accounts.queries import readers_of
from app.claims import services as ledger
from app.claims.models import Claim, Contest
from app.core.db import db
from app.core.i18n import gettext as _
from app.moderation.enums import ContestVerdict
from app.outbox.services import Reader, send_mail
from app.permissions import Actor


def decide_contest(
    actor: Actor,
    claim: Claim,
    contest: Contest,
    *,
    verdict: ContestVerdict,
    reason: str,
    found: object = None,
) -> bool:
    """False where a second moderator has yet to hold it founded. See `app.claims.services.contests`."""
    if verdict is ContestVerdict.DISMISSED:
        ledger.dismiss_contest(actor, claim, contest, reason=reason)
    elif not ledger.uphold_contest(actor, claim, contest, reason=reason, found=found):
        return False
    _tell(claim, contest)
    return True


def _tell(claim: Claim, contest: Contest) -> None:
    label, decided, reason = claim.attribute.label, contest.status.label, contest.decision_reason
    people = [*readers_of(claim.organisation_id)] if claim.organisation_id is not None else []
    author = db.session.get(User, contest.by_id)
    if author is not None:
        people.append(Reader(author.email, author.language))
    send_mail(
        to=people,
        subject=lambda: _("%(decided)s : %(criterion)s", decided=decided, criterion=label),
        body=lambda: _(
            "Bonjour,\n\nLa contestation de l’attestation « %(criterion)s » est tranchée : %(decided)s.\n\n"
            "Raison donnée par la modération :\n%(reason)s\n\nL’équipe de Trait d’union\n",
            criterion=label,
            decided=decided,
            reason=reason,
        ),
        about="claim.contest_decided",
    )
