"""The life of an event, and the only place that says what is allowed when: services, pages, menus ask here.

The organiser opens, publishes, closes and reopens (`EventStatus`); time does the rest. Boundaries: an event
is under way from the very start of its first slot, and past from the very end of its last one. Wishes close
at `wishes_until`, and at the start of the last slot in any case: nothing could be placed any more."""

import enum
from datetime import datetime

from app.core.clock import now
from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.events.enums import EventStatus
from app.events.models import Event


class Phase(enum.StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    WISHES_CLOSED = "wishes_closed"
    PUBLISHED = "published"
    UNDER_WAY = "under_way"
    PAST = "past"
    CLOSED = "closed"


class Act(enum.StrEnum):
    """What somebody may want to do to an event."""

    EDIT = "edit"
    """Its settings, programme and delegations."""
    OPEN = "open"
    CLOSE = "close"
    REOPEN = "reopen"
    WISH = "wish"
    """Ask for a meeting."""
    ANSWER = "answer"
    """Accept or decline a wish, take one's own back, refuse a published meeting."""
    SESSION = "session"
    """Lead a session, answer its invitation, cancel it."""
    RULE = "rule"
    """Impose or forbid a meeting."""
    PLAN = "plan"
    """Compute a schedule from the beginning."""
    PUBLISH = "publish"
    REPAIR = "repair"
    """Record what happens on the day, and mend the published schedule."""


_PREPARED = frozenset({Phase.DRAFT, Phase.OPEN, Phase.WISHES_CLOSED, Phase.PUBLISHED})
_SHOWN = frozenset({Phase.OPEN, Phase.WISHES_CLOSED, Phase.PUBLISHED, Phase.UNDER_WAY})
ALLOWED: dict[Act, frozenset[Phase]] = {
    Act.EDIT: _PREPARED | {Phase.UNDER_WAY},
    Act.OPEN: frozenset({Phase.DRAFT}),
    Act.CLOSE: _SHOWN,
    Act.REOPEN: frozenset({Phase.CLOSED}),
    Act.WISH: _SHOWN - {Phase.WISHES_CLOSED},
    Act.ANSWER: _SHOWN,
    Act.SESSION: _SHOWN,
    Act.RULE: _PREPARED | {Phase.UNDER_WAY},
    Act.PLAN: _PREPARED,
    Act.PUBLISH: _SHOWN,
    Act.REPAIR: frozenset({Phase.PUBLISHED, Phase.UNDER_WAY}),
}


def phase_of(event: Event, at: datetime | None = None) -> Phase:
    """Where the event stands at a moment, now by default."""
    at = at or now()
    if event.status is EventStatus.DRAFT:
        return Phase.DRAFT
    if event.slots and at >= event.slots[-1].ends_at:
        return Phase.PAST
    if event.status is EventStatus.CLOSED:
        return Phase.CLOSED
    if event.slots and at >= event.slots[0].starts_at:
        return Phase.UNDER_WAY
    if event.status is EventStatus.SCHEDULED:
        return Phase.PUBLISHED
    return Phase.OPEN if event.wishes_until is None or at < event.wishes_until else Phase.WISHES_CLOSED


def allows(event: Event, act: Act, at: datetime | None = None) -> bool:
    at = at or now()
    if phase_of(event, at) not in ALLOWED[act]:
        return False
    return act is not Act.WISH or _hears_wishes(event, at)


def require_allowed(event: Event, act: Act) -> None:
    """Raise InvalidTransition, saying why and what to do, unless `allows`."""
    if not allows(event, act):
        raise InvalidTransition(refusal(event, act))


def refusal(event: Event, act: Act) -> str:
    """Why the event does not allow it now."""
    phase = phase_of(event)
    if act is Act.PLAN and phase is Phase.UNDER_WAY:
        return _("Cet événement a commencé : réparez son planning depuis la page « Jour J ».")
    if act is Act.WISH and phase in ALLOWED[Act.WISH] | {Phase.WISHES_CLOSED}:
        return _("Cet événement ne prend plus de demandes de rencontre.")
    if phase in (Phase.DRAFT, Phase.PAST, Phase.CLOSED):
        return {
            Phase.DRAFT: _("Cet événement est en préparation : il faut d’abord l’ouvrir."),
            Phase.PAST: _("Cet événement est passé."),
            Phase.CLOSED: _("Cet événement est clos."),
        }[phase]
    if act is Act.REPAIR:
        return _("Publiez d’abord un planning : il n’y a rien à réparer.")
    return _("Cet événement est déjà ouvert.")


def _hears_wishes(event: Event, at: datetime) -> bool:
    if not event.slots or at >= event.slots[-1].starts_at:
        return False
    return event.wishes_until is None or at < event.wishes_until
