"""What a moderator has to say before a publication, and may do after it: the same for needs and offers."""

from typing import Any

from app.accounts.enums import Standing
from app.accounts.services.standing import put_in_queue
from app.audit.services import record
from app.content.services.publishing import Publishing
from app.content.services.versions import save
from app.core.errors import InvalidTransition
from app.permissions import Actor, Permission, require


def send_to_moderation(actor: Actor, order: Publishing[Any], thing: Any, *, waiting: str) -> None:
    """Have a moderator look at it before it is public; `waiting` refuses what is looked at already."""
    if thing.standing is Standing.WAITING:
        raise InvalidTransition(waiting)
    order.ready(thing)
    put_in_queue(thing)
    save(thing)
    record(actor, f"{order.name}.sent_to_moderation", thing)


def hide(
    actor: Actor, order: Publishing[Any], thing: Any, standing: Standing, reason: str, *, hidden: Any
) -> None:
    """Take it away from everyone, by the word of a moderator: what was shown becomes `hidden`."""
    require(actor, Permission.SUBJECT_MODERATE)
    thing.standing, thing.standing_reason = standing, reason
    if order.is_shown(thing):
        thing.status = hidden
    save(thing)


def reopen(actor: Actor, thing: Any, *, shown: Any | None) -> None:
    """Undo `hide`: it is as it was, `shown` again where it had been."""
    require(actor, Permission.SUBJECT_MODERATE)
    thing.standing, thing.standing_reason = Standing.ACTIVE, ""
    if shown is not None:
        thing.status = shown
    save(thing)
