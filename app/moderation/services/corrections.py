"""A moderator's word on a published correction, told to whoever published it."""

from app.accounts.queries import readers_of
from app.content.enums import Nature
from app.core.i18n import gettext as _
from app.offers.models import Offer
from app.offers.services import corrections
from app.outbox.services import send_mail
from app.permissions import Actor


def rule_on_correction(actor: Actor, offer: Offer, number: int, nature: Nature, *, reason: str) -> int:
    """See `app.offers.services.corrections`; the people of the offer's organisation are written to where it
    changes something for them."""
    confirmed = corrections.rule_on_correction(actor, offer, number, nature, reason=reason)
    if nature is Nature.SUBSTANTIVE and offer.organisation_id is not None:
        send_mail(
            to=readers_of(offer.organisation_id),
            subject=lambda: _("Attestations à confirmer : %(offer)s", offer=offer.name),
            body=lambda: _(
                "Bonjour,\n\nLa version %(number)d de « %(offer)s » a été publiée comme une correction. La "
                "modération y lit un changement de fond : les attestations vérifiées qui reposent sur ce qui "
                "a changé sont à confirmer.\n\nRaison donnée par la modération :\n%(reason)s\n\nElles valent "
                "comme déclarées jusqu’à leur confirmation ; vous n’avez rien à faire, sauf à joindre une "
                "preuve à jour.\n\nL’équipe de Trait d’union\n",
                number=number,
                offer=offer.name,
                reason=reason.strip(),
            ),
            about="claim.decided",
        )
    return confirmed
