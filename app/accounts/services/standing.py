"""Who may publish at once, and what waits for a moderator."""

from app.accounts.enums import Standing
from app.accounts.models import Organisation
from app.accounts.models.moderated import Moderated
from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.permissions import Actor, Permission, can


def must_wait(actor: Actor, thing: Moderated, owner: Organisation | None, *, is_first: bool = False) -> bool:
    """Whether what the actor publishes waits for a moderator: from an address not confirmed yet, of an
    organisation not checked yet, its first offer, or anything put under review. Raises InvalidTransition
    for what is suspended or delisted."""
    if can(actor, Permission.SUBJECT_MODERATE):
        return False
    for held in (thing, owner):
        if held is not None and held.is_barred:
            message = _(
                "C’est %(state)s par la modération : %(reason)s",
                state=held.standing.label.lower(),
                reason=held.standing_reason,
            )
            raise InvalidTransition(message)
    if not actor.is_confirmed:
        return True
    if owner is not None and (owner.standing is not Standing.ACTIVE or owner.under_review):
        return True
    return thing.under_review or is_first


def put_in_queue(thing: Moderated) -> None:
    thing.standing, thing.standing_reason = Standing.WAITING, ""
