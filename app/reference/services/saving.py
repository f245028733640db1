"""The idempotent save, so that a seed or an import may run again, and what a column can hold."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.audit.services import record
from app.core.db import Base, db, flush_for_id
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.permissions import Actor
from app.reference.enums import SaveOutcome


def save(
    actor: Actor, model: type[Base], known_by: Mapping[str, Any], values: Mapping[str, Any]
) -> SaveOutcome:
    """Create the row known by `known_by`, change it, or leave it when it says the same already."""
    check_texts(model, {**known_by, **values})
    row = db.session.scalars(sa.select(model).filter_by(**known_by)).one_or_none()
    if row is None:
        row, outcome = model(**known_by, **values), SaveOutcome.CREATED
        db.session.add(row)
    elif all(getattr(row, name) == value for name, value in values.items()):
        return SaveOutcome.UNCHANGED
    else:
        outcome = SaveOutcome.UPDATED
        for name, value in values.items():
            setattr(row, name, value)
    flush_for_id()
    known = {name: str(value) for name, value in known_by.items()}
    record(actor, f"reference.{outcome.value}", row, **known)
    return outcome


def check_texts(model: type[Base], values: Mapping[str, Any]) -> None:
    """Refuse an empty name and a text its column cannot hold, which PostgreSQL would answer with a crash."""
    columns = sa.inspect(model).columns
    fields = {}
    for name, value in values.items():
        length = getattr(columns[name].type, "length", None)
        if isinstance(value, str) and length and len(value) > length:
            fields[name] = _("Ce texte dépasse %(n)d caractères.", n=length)
        if name in {"label_fr", "key", "provider", "service_name"} and not value:
            fields[name] = _("Cette valeur est obligatoire.")
    if fields:
        raise RuleBroken(fields=fields)
