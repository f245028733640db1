"""What sessions and imposed meetings forbid to an event that is being edited, and whom a wish concerns."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.events.signals import event_changing, slot_leaving
from app.meetings.queries.rules import pair_rules_of
from app.meetings.queries.sessions import sessions_of
from app.meetings.queries.wishes import asks_one_of
from app.needs.signals import concern_asked

if TYPE_CHECKING:
    from app.events.models import Event, Slot


@event_changing.connect
def _keep_rooms(event: "Event", *, rooms: int) -> None:
    if any(session.room >= rooms for session in sessions_of(event.id)):
        raise RuleBroken(fields={"rooms": _("Une session utilise déjà une salle de numéro plus élevé.")})


@slot_leaving.connect
def _keep_used_slot(slot: "Slot") -> None:
    if any(session.slot_id == slot.id for session in sessions_of(slot.event_id)):
        raise RuleBroken(_("Un créneau à supprimer porte une session : annulez-la ou déplacez-la d’abord."))
    if any(rule.slot_id == slot.id for rule in pair_rules_of(slot.event_id)):
        raise RuleBroken(
            _("Une rencontre imposée est fixée à un créneau à supprimer : retirez d’abord la règle.")
        )


@concern_asked.connect
def _concerns(need_id: int, *, organisations: Collection[int]) -> bool:
    return asks_one_of(need_id, organisations)
