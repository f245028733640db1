"""What published schedules say to changes of their event."""

from typing import TYPE_CHECKING

from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.events.signals import delegation_leaving, programme_moved
from app.schedules.presenters import agenda_address
from app.schedules.queries.versions import has_meetings
from app.schedules.services.notices import announce_schedule

if TYPE_CHECKING:
    from app.events.models import Delegation, Event


@delegation_leaving.connect
def _keep_placed(delegation: "Delegation") -> None:
    if has_meetings(delegation.id):
        raise InvalidTransition(
            _("Un planning lui donne des rendez-vous : déclarez-la plutôt absente à tous les créneaux.")
        )


@programme_moved.connect
def _tell_moved(event: "Event") -> None:
    announce_schedule(event, agenda_address(event.slug))
