"""Reading the addresses at which calendar programs follow agendas."""

from app.core.db import db
from app.permissions import Actor
from app.schedules.models import CalendarAddress


def find_address(actor: Actor) -> CalendarAddress | None:
    return None if actor.user_id is None else db.session.get(CalendarAddress, actor.user_id)
