"""The blueprint of the domain, and the words its pages share."""

from flask import Blueprint

from app.core.i18n import gettext as _
from app.schedules.enums import VersionState
from app.schedules.presenters.agendas import place_text, title_text
from app.schedules.presenters.words import comfort_text, phase_text

blueprint = Blueprint("schedules", __name__)
blueprint.add_app_template_global(comfort_text, "schedule_comfort")
blueprint.add_app_template_global(phase_text, "schedule_phase")
blueprint.add_app_template_global(place_text, "place_text")
blueprint.add_app_template_global(title_text, "title_text")


@blueprint.app_template_global("version_state")
def version_state(state: VersionState) -> tuple[str, str]:
    """(text, kind of badge) of a version's state."""
    return {
        VersionState.DRAFT: (_("Brouillon"), "new"),
        VersionState.PUBLISHED: (_("Publiée"), "success"),
        VersionState.SUPERSEDED: (_("Remplacée"), ""),
    }[state]
