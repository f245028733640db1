"""Who belongs to an organisation no more runs its events no more."""

from app.accounts.signals import member_left
from app.events.services.team import leave_teams
from app.permissions import Actor


@member_left.connect
def _member_left(user_id: int, *, organisation_id: int, actor: Actor) -> None:
    leave_teams(actor, user_id, organisation_id)
