"""The organiser's word on a pair: pinned or forbidden."""

from app.audit.services import record
from app.core.db import db, flush_for_id
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.events.lifecycle import Act, require_allowed
from app.events.models import Delegation, Event, Slot
from app.meetings.enums import PairRuleKind, RequestState
from app.meetings.models import PairRule
from app.meetings.queries.rules import find_pair_rule
from app.meetings.queries.wishes import find_request
from app.meetings.services.wishes import check_pair
from app.permissions import Actor, Permission, require


def set_pair_rule(
    actor: Actor,
    event: Event,
    *,
    administration: Delegation,
    vendor: Delegation,
    kind: PairRuleKind,
    slot: Slot | None = None,
    reason: str = "",
    confirmed: bool = False,
) -> PairRule:
    """Pin a meeting (maybe at a slot) or forbid a pair; a second word on a pair replaces the first. What a
    side refused is pinned only once `confirmed`."""
    require(actor, Permission.EVENT_MANAGE, on=event)
    require_allowed(event, Act.RULE)
    check_pair(event, administration, vendor)
    if kind is PairRuleKind.FORBIDDEN and slot is not None:
        raise RuleBroken(fields={"slot": _("Une rencontre interdite l’est à tous les créneaux.")})
    if slot is not None:
        _check_present(slot, administration, vendor)
    if kind is PairRuleKind.PINNED and not confirmed:
        _warn_of_refusal(administration, vendor)
    rule = find_pair_rule(administration.id, vendor.id)
    if rule is None:
        rule = PairRule(event_id=event.id, administration_id=administration.id, vendor_id=vendor.id)
        db.session.add(rule)
    rule.kind, rule.slot_id, rule.reason = kind, slot.id if slot else None, reason
    flush_for_id()
    record(actor, "pair_rule.set", rule, kind=kind.value)
    return rule


def remove_pair_rule(actor: Actor, rule: PairRule) -> None:
    require(actor, Permission.EVENT_MANAGE, on=rule.event)
    require_allowed(rule.event, Act.RULE)
    record(actor, "pair_rule.removed", rule, kind=rule.kind.value)
    db.session.delete(rule)


def _warn_of_refusal(administration: Delegation, vendor: Delegation) -> None:
    wish = find_request(administration.id, vendor.id)
    if wish is not None and wish.is_refused:
        declined = wish.state is RequestState.DECLINED
        refusing = wish.asked if declined else wish.asking
        who, said = refusing.organisation.name, wish.answer if declined else wish.withdrawal
        text = (
            _(
                "%(who)s a refusé cette rencontre : « %(said)s ». Imposez-la seulement en le sachant.",
                who=who,
                said=said,
            )
            if said
            else _("%(who)s a refusé cette rencontre. Imposez-la seulement en le sachant.", who=who)
        )
        raise RuleBroken(fields={"confirmed": text})


def _check_present(slot: Slot, *delegations: Delegation) -> None:
    for delegation in delegations:
        if delegation.is_away(slot.period):
            message = _("%(who)s est indisponible à ce créneau.", who=delegation.organisation.name)
            raise RuleBroken(fields={"slot": message})
