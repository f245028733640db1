"""A buyer's weights over the objectives of the circular, and what evidence is worth for each."""

from collections.abc import Mapping

import sqlalchemy as sa

from app.audit.services import record
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.matchmaking.enums import Measure
from app.matchmaking.models import NeedWeight, ObjectiveEvidence
from app.matchmaking.queries.objectives import weights_of
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.permissions import Actor, Permission, require
from app.reference.models import Objective

HIGHEST_WEIGHT = 5


def set_weights(actor: Actor, need: Need, weights: Mapping[str, int]) -> bool:
    """Replace the weights of a need: objective -> 0 to 5, 0 for none. Answers whether any changed."""
    require(actor, Permission.NEED_WEIGH, on=need)
    if need.status is NeedStatus.CLOSED:
        raise InvalidTransition(_("Ce besoin est clos : rouvrez-le pour changer ses priorités."))
    known = set(db.session.scalars(sa.select(Objective.key)))
    wrong = {
        key: _("Choisissez une valeur de 0 à %(n)d.", n=HIGHEST_WEIGHT)
        for key, weight in weights.items()
        if key not in known or not 0 <= weight <= HIGHEST_WEIGHT
    }
    if wrong:
        raise RuleBroken(fields=wrong)
    db.session.get(Need, need.id, with_for_update=True)  # two people saving at once: one after the other
    before = weights_of(need.id)
    after = {key: weight for key, weight in sorted(weights.items()) if weight}
    if after == before:
        return False
    db.session.execute(sa.delete(NeedWeight).where(NeedWeight.need_id == need.id))
    db.session.add_all(
        NeedWeight(need_id=need.id, objective_key=key, weight=weight) for key, weight in after.items()
    )
    flush_for_id()
    record(actor, "need.weighed", need, weights=_written(after), before=_written(before))
    return True


def _written(weights: Mapping[str, int]) -> str:
    return ", ".join(f"{key} {weight}" for key, weight in weights.items())


def save_evidence(
    actor: Actor,
    *,
    objective_key: str,
    criterion_key: str | None = None,
    measure: Measure | None = None,
    share: float,
    verified: float,
    declared: float,
    refused: float,
    best: float | None = None,
    worst: float | None = None,
    reason_fr: str,
    reason_en: str = "",
) -> ObjectiveEvidence:
    """What a criterion or a measure is worth for an objective; saving it again replaces it."""
    require(actor, Permission.IMPORT_RUN)
    known_by = {"objective_key": objective_key, "criterion_key": criterion_key, "measure": measure}
    row = db.session.scalars(sa.select(ObjectiveEvidence).filter_by(**known_by)).one_or_none()
    if row is None:
        row = ObjectiveEvidence(**known_by)
        db.session.add(row)
    row.share, row.verified, row.declared, row.refused = share, verified, declared, refused
    row.best, row.worst, row.reason_fr, row.reason_en = best, worst, reason_fr, reason_en
    flush_for_id()
    record(actor, "objective.evidence_saved", row, objective=objective_key, source=row.source)
    return row
