"""What ambassadors keep of proposals: the shortlist and its notes."""

from sqlalchemy.exc import IntegrityError

from app.audit.services import record
from app.core.db import db
from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.matchmaking.models import ShortlistEntry
from app.matchmaking.queries import get_shortlist_entry
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.offers.models import Offer
from app.permissions import Actor, Permission, require


def add_to_shortlist(actor: Actor, need: Need, offer: Offer, *, note: str = "") -> ShortlistEntry:
    """Keep an offer for a need; adding it again changes nothing."""
    require_open(actor, need)
    read = {"need_version": need.version or None, "offer_version": offer.version}
    entry = ShortlistEntry(need_id=need.id, offer_id=offer.id, note=note, added_by_id=actor.user_id, **read)
    try:
        with db.session.begin_nested():
            db.session.add(entry)
    except IntegrityError:
        return get_shortlist_entry(need.id, offer.id)
    record(actor, "shortlist.added", need, offer_id=offer.id)
    return entry


def annotate(actor: Actor, need: Need, offer_id: int, *, note: str) -> None:
    """Write why this offer is on the shortlist."""
    require_open(actor, need)
    get_shortlist_entry(need.id, offer_id).note = note
    record(actor, "shortlist.annotated", need, offer_id=offer_id)


def remove_from_shortlist(actor: Actor, need: Need, offer_id: int) -> str:
    """Take an offer off the shortlist; answers its note, so that the removal can be undone."""
    require_open(actor, need)
    entry = get_shortlist_entry(need.id, offer_id)
    note = entry.note
    db.session.delete(entry)
    record(actor, "shortlist.removed", need, offer_id=offer_id, note=note)
    return note


def require_open(actor: Actor, need: Need) -> None:
    """Refuse whoever may not work on this need, and everyone once it is closed."""
    require(actor, Permission.SHORTLIST_EDIT, on=need)
    if need.status is NeedStatus.CLOSED:
        raise InvalidTransition(_("Ce besoin est clos : sa sélection n’est plus modifiable."))
