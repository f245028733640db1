"""What a published change does to verified claims: its author says whether it is substantive, a moderator who
reads a "correction" may rule otherwise."""

from app.audit.services import record
from app.claims.services import put_to_confirm
from app.content.enums import Nature
from app.content.models import VersionRow
from app.content.queries import find_version, get_version
from app.content.spec import Change, changes
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.offers.models import CorrectionRuling, Offer
from app.offers.queries.corrections import find_ruling
from app.offers.spec import OFFER, VERIFIED_ON
from app.permissions import Actor, Permission, require


def note_version(actor: Actor, offer: Offer, row: VersionRow | None) -> None:
    """A substantive change of what claims rest on has them confirmed."""
    if row is not None and row.nature is Nature.SUBSTANTIVE:
        ask_confirmation(actor, offer, row, reason=row.note)


def ask_confirmation(actor: Actor, offer: Offer, row: VersionRow, *, reason: str) -> int:
    """Put to confirm the verified claims that rest on what this version changes; answers how many."""
    previous = find_version(OFFER, offer, row.number - 1)
    found = _rested_on(previous, row) if previous is not None else []
    told = [(one.label, one.before, one.after) for one in found]
    if not told:
        return 0
    return put_to_confirm(actor, offer_id=offer.id, version=row.number, reason=reason, changes=told)


def rule_on_correction(actor: Actor, offer: Offer, number: int, nature: Nature, *, reason: str) -> int:
    """Say what a published "correction" really is; one that is substantive has the claims verified before it
    confirmed. Answers how many. A ruling is made once."""
    require(actor, Permission.CLAIM_DECIDE)
    row = get_version(OFFER, offer, number)
    if row.nature is not Nature.CORRECTION:
        raise InvalidTransition(_("Cette version a été publiée comme un changement de fond."))
    if find_ruling(offer.id, number) is not None:
        raise InvalidTransition(_("Un modérateur s’est déjà prononcé sur cette correction."))
    if nature is Nature.SUBSTANTIVE and not reason.strip():
        raise RuleBroken(fields={"reason": _("Dites pourquoi : le fournisseur lira cette raison.")})
    ruling = CorrectionRuling(
        offer_id=offer.id,
        number=number,
        nature=nature,
        reason=reason.strip(),
        decided_by_id=actor.user_id,
        decided_at=now(),
    )
    db.session.add(ruling)
    flush_for_id()
    record(actor, f"offer.correction_{_RULED[nature]}", offer, version=number, reason=ruling.reason)
    if nature is Nature.CORRECTION:
        return 0
    return ask_confirmation(actor, offer, row, reason=ruling.reason)


_RULED = {Nature.CORRECTION: "kept", Nature.SUBSTANTIVE: "overruled"}


def _rested_on(previous: VersionRow, row: VersionRow) -> list[Change]:
    found = changes(OFFER, previous.content, row.content)
    return [one for one in found if one.name in VERIFIED_ON]
