"""The blueprint every page of the agenda belongs to, and the words they share."""

from collections.abc import Mapping

from flask import Blueprint

from app.agenda.enums import EventStatus, InvitationState, RequestState, VersionState
from app.agenda.exports import place_of, title_of
from app.core.i18n import gettext as _

blueprint = Blueprint("agenda", __name__)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    """`agenda_words` for the templates of the domain: (text, kind of badge) of each state."""
    return {"agenda_words": states, "agenda_place": place_of, "agenda_title": title_of}


def states() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    return {
        "event": {
            EventStatus.DRAFT: (_("En préparation"), "new"),
            EventStatus.OPEN: (_("Ouvert"), "info"),
            EventStatus.SCHEDULED: (_("Planning publié"), "success"),
            EventStatus.CLOSED: (_("Clos"), ""),
        },
        "request": {
            RequestState.PENDING: (_("En attente"), "info"),
            RequestState.ACCEPTED: (_("Acceptée"), "success"),
            RequestState.DECLINED: (_("Refusée"), "error"),
        },
        "invitation": {
            InvitationState.INVITED: (_("En attente"), "info"),
            InvitationState.ACCEPTED: (_("Acceptée"), "success"),
            InvitationState.DECLINED: (_("Déclinée"), "error"),
        },
        "version": {
            VersionState.DRAFT: (_("Brouillon"), "new"),
            VersionState.PUBLISHED: (_("Publiée"), "success"),
            VersionState.SUPERSEDED: (_("Remplacée"), ""),
        },
    }
