"""The blueprint of the domain, and the words its pages share."""

from flask import Blueprint

from app.core.i18n import gettext as _
from app.meetings.enums import InvitationState, RequestState

blueprint = Blueprint("meetings", __name__)


@blueprint.app_template_global("request_state")
def request_state(state: RequestState) -> tuple[str, str]:
    """(text, kind of badge) of a wish's state."""
    return {
        RequestState.PENDING: (_("En attente"), "info"),
        RequestState.ACCEPTED: (_("Acceptée"), "success"),
        RequestState.DECLINED: (_("Refusée"), "error"),
        RequestState.WITHDRAWN: (_("Retirée"), ""),
    }[state]


@blueprint.app_template_global("invitation_state")
def invitation_state(state: InvitationState) -> tuple[str, str]:
    """(text, kind of badge) of an invitation's state."""
    return {
        InvitationState.INVITED: (_("En attente"), "info"),
        InvitationState.ACCEPTED: (_("Acceptée"), "success"),
        InvitationState.DECLINED: (_("Déclinée"), "error"),
    }[state]
