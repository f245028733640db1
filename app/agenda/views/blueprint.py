"""The blueprint every page of the agenda belongs to, and the words they share."""

from collections.abc import Mapping

from flask import Blueprint, current_app, url_for

from app.agenda.enums import EventStatus, InvitationState, RequestState, VersionState
from app.agenda.exports import place_of, title_of
from app.agenda.planner import comfort_text, phase_text
from app.agenda.services.events import day_of
from app.core.i18n import gettext as _

blueprint = Blueprint("agenda", __name__)


def agenda_address(slug: str) -> str:
    """Where a participant reads its day, as written in a mail."""
    public_url: str = current_app.extensions["settings"].public_url
    return public_url + url_for("agenda.my_agenda", evenement=slug)


blueprint.add_app_template_global(comfort_text, "agenda_comfort")
blueprint.add_app_template_global(day_of, "agenda_day")
blueprint.add_app_template_global(phase_text, "agenda_phase")
blueprint.add_app_template_global(place_of, "agenda_place")
blueprint.add_app_template_global(title_of, "agenda_title")


@blueprint.app_template_global("agenda_words")
def states() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """(text, kind of badge) of each state, for the templates."""
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
