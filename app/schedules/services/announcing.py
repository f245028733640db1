"""Whom a change of an event would write to, said before it is made: the same people as `write_changes`."""

from collections.abc import Collection

from app.core.i18n import ngettext
from app.core.text import search_key
from app.events.enums import LIVE
from app.events.models import Event
from app.events.queries.delegations import delegations_of
from app.events.services import facts_of
from app.events.signals import Announced, EventFacts
from app.meetings.enums import InvitationState
from app.meetings.queries.sessions import sessions_of
from app.schedules.queries.versions import find_published_with_meetings


def announce(event: Event, moved: Collection[int], facts: EventFacts) -> Announced:
    """`moved`: identifiers of the slots whose hours change; `facts`: what the event will say of itself."""
    if event.status not in LIVE:
        return Announced((), ())
    published = find_published_with_meetings(event.id)
    placements = [] if published is None else published.placements
    meetings = [p for p in placements if p.slot_id in moved and p.meeting.withdrawn_at is None]
    sessions = [session for session in sessions_of(event.id) if session.slot_id in moved]
    engaged = {person for meeting in meetings for person in meeting.pair}
    for session in sessions:
        accepted = [i.vendor_id for i in session.invitations if i.state is InvitationState.ACCEPTED]
        engaged |= {session.host_id, *accepted}
    everyone = facts != facts_of(event)
    people = [d.organisation.name for d in delegations_of(event.id) if everyone or d.id in engaged]
    return Announced(tuple(sorted(people, key=search_key)), _consequences(len(meetings), len(sessions)))


def _consequences(meetings: int, sessions: int) -> tuple[str, ...]:
    found = []
    if meetings:
        found.append(
            ngettext(
                "%(num)s rendez-vous publié change d’heure.",
                "%(num)s rendez-vous publiés changent d’heure.",
                meetings,
            )
        )
    if sessions:
        found.append(
            ngettext("%(num)s session change d’heure.", "%(num)s sessions changent d’heure.", sessions)
        )
    return tuple(found)
