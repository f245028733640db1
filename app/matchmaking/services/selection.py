"""What ambassadors make of proposals: shortlist, notes, verdicts."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.audit.services import record
from app.core.db import db
from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.matchmaking.models import ShortlistEntry, Verdict
from app.matchmaking.queries import get_shortlist_entry
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.offers.models import Offer
from app.permissions import Actor, Permission, require


def add_to_shortlist(actor: Actor, need: Need, offer: Offer, *, note: str = "") -> ShortlistEntry:
    """Keep an offer for a need; adding it again changes nothing."""
    _require_open(actor, need)
    entry = ShortlistEntry(need_id=need.id, offer_id=offer.id, note=note, added_by_id=actor.user_id)
    try:
        with db.session.begin_nested():
            db.session.add(entry)
    except IntegrityError:
        return get_shortlist_entry(need.id, offer.id)
    record(actor, "shortlist.added", need, offer_id=offer.id)
    return entry


def annotate(actor: Actor, need: Need, offer_id: int, *, note: str) -> None:
    """Write why this offer is on the shortlist."""
    _require_open(actor, need)
    get_shortlist_entry(need.id, offer_id).note = note
    record(actor, "shortlist.annotated", need, offer_id=offer_id)


def remove_from_shortlist(actor: Actor, need: Need, offer_id: int) -> str:
    """Take an offer off the shortlist; answers its note, so that the removal can be undone."""
    _require_open(actor, need)
    entry = get_shortlist_entry(need.id, offer_id)
    note = entry.note
    db.session.delete(entry)
    record(actor, "shortlist.removed", need, offer_id=offer_id, note=note)
    return note


def give_verdict(actor: Actor, need: Need, offer: Offer, *, useful: bool) -> None:
    """Say whether a proposal is useful; saying otherwise later replaces it."""
    _require_open(actor, need)
    verdict = db.session.scalars(
        sa.select(Verdict).filter_by(need_id=need.id, offer_id=offer.id)
    ).one_or_none()
    if verdict is None:
        verdict = Verdict(need_id=need.id, offer_id=offer.id)
        db.session.add(verdict)
    verdict.useful, verdict.given_by_id = useful, actor.user_id
    record(actor, "proposal.judged", need, offer_id=offer.id, useful=useful)


def _require_open(actor: Actor, need: Need) -> None:
    require(actor, Permission.SHORTLIST_EDIT, organisation_id=need.organisation_id)
    if need.status is NeedStatus.CLOSED:
        raise InvalidTransition(_("Ce besoin est clos : sa sélection n’est plus modifiable."))
