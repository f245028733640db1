"""Telling the people of an organisation what was decided of a claim."""

from app.accounts.queries import readers_of
from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.core.i18n import gettext as _
from app.moderation.queries.claims import find_offer
from app.outbox.services import send_mail


def write_to_its_people(claim: Claim, reason: str) -> None:
    """One letter to each member, in their language."""
    if claim.organisation_id is None:
        return
    send_mail(
        to=readers_of(claim.organisation_id),
        subject=lambda: _mail(claim, reason)[0],
        body=lambda: _mail(claim, reason)[1],
        about="claim.decided",
    )


def _mail(claim: Claim, reason: str) -> tuple[str, str]:
    offer, criterion = find_offer(claim), claim.attribute.label
    subjects = {
        ClaimStatus.VERIFIED: _("Attestation vérifiée : %(criterion)s", criterion=criterion),
        ClaimStatus.NOT_ESTABLISHED: _("Attestation non établie : %(criterion)s", criterion=criterion),
        ClaimStatus.CONTRADICTED: _("Attestation contredite : %(criterion)s", criterion=criterion),
        ClaimStatus.DECLARED: _("Attestation à réexaminer : %(criterion)s", criterion=criterion),
    }
    subject = subjects[claim.status]
    body = _(
        "Bonjour,\n\n%(subject)s.\nElle concerne : %(about)s.\n\n"
        "Raison donnée par la modération :\n%(reason)s\n\n"
        "Vous retrouvez cette attestation dans « Mes offres » : vous pouvez y répondre, la corriger, ou la "
        "déclarer de nouveau avec une preuve nouvelle.\n\nL’équipe de Trait d’union\n",
        subject=subject,
        about=offer.name if offer else _("votre organisation"),
        reason=reason,
    )
    return subject, body
