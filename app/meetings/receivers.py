"""What sessions forbid to an event that is being edited."""

from typing import TYPE_CHECKING

from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.events.signals import event_changing
from app.meetings.queries.sessions import sessions_of

if TYPE_CHECKING:
    from app.events.models import Event


@event_changing.connect
def _keep_rooms(event: "Event", *, rooms: int) -> None:
    if any(session.room >= rooms for session in sessions_of(event.id)):
        raise RuleBroken(fields={"rooms": _("Une session utilise déjà une salle de numéro plus élevé.")})
