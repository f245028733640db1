"""Recording what the owner of the data answers to article 31 of the SREN law; its result binds the need."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.audit.services import record
from app.core.clock import today
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.doctrine.engine import Answers, required_from
from app.doctrine.models import Determination
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.needs.signals import need_published
from app.permissions import Actor, Permission, require
from app.reference.queries import legal_parameters_on

LAW = ("sren_art31_", "secnumcloud_referential_version")


def determine(
    actor: Actor,
    need: Need,
    answers: Answers,
    *,
    reasons: str,
    owner_name: str,
    owner_function: str,
    derogation: str = "",
) -> Determination:
    """Sign a determination for a need. The criterion it sets follows it, and is changed only by another one.

    Raises RuleBroken on the field that is missing, InvalidTransition once the need is closed."""
    require(actor, Permission.DOCTRINE_DECIDE, on=need)
    if need.status is NeedStatus.CLOSED:
        raise InvalidTransition(_("Ce besoin est clos : rouvrez-le pour changer sa détermination."))
    texts = {"reasons": reasons, "owner_name": owner_name, "owner_function": owner_function}
    given = {name: text.strip() for name, text in texts.items()}
    _check(answers, given, derogation.strip())
    start = required_from(answers, today())
    last = db.session.scalar(sa.select(sa.func.max(Determination.number)).filter_by(need_id=need.id)) or 0
    signed = Determination(
        need_id=need.id,
        number=last + 1,
        need_version=need.version,
        uses_commercial_cloud=answers.uses_commercial_cloud,
        is_body_in_scope=answers.is_body_in_scope,
        harms=sorted(answers.harms),
        derogation=derogation.strip(),
        derogation_until=answers.derogation_until,
        required_from=start,
        law=_law(),
        recorded_by_id=actor.user_id,
        signed_on=today(),
        **given,
    )
    db.session.add(signed)
    need.secnumcloud_from = start
    flush_for_id()
    record(
        actor, "doctrine.determined", need, number=signed.number, required_from=start and start.isoformat()
    )
    if need.status is NeedStatus.PUBLISHED:
        need_published.send(need.id)  # its criteria have changed: it is matched again
    return signed


def _check(answers: Answers, texts: dict[str, str], derogation: str) -> None:
    missing = {name: _("Répondez à cette question.") for name, text in texts.items() if not text}
    if derogation and answers.derogation_until is None:
        missing["derogation_until"] = _("Une dérogation a une fin : donnez son dernier jour.")
    if answers.derogation_until and not derogation:
        missing["derogation"] = _("Dites sur quel fondement la dérogation est accordée.")
    if missing:
        raise RuleBroken(fields=missing)


def _law() -> Sequence[list[str]]:
    """The texts in force on the day of signature, as they will be quoted."""
    return [
        [row.legal_reference, row.value] for row in legal_parameters_on(today()) if row.key.startswith(LAW)
    ]
