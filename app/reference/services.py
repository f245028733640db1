"""Writing the reference data. Each save is idempotent, so that a seed or an import may run again."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.audit.services import record
from app.core.db import Base, db, flush_for_id
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.permissions import Actor, Permission, require
from app.reference.enums import CriterionSubject, SaveOutcome, VerificationPolicy
from app.reference.models import Category, Criterion, LegalParameter, Objective, QualifiedService


def save_category(
    actor: Actor, *, code: str, parent_code: str | None, level: int, label_fr: str, label_en: str
) -> SaveOutcome:
    """A code of the CPV: eight digits; its parent must be there already."""
    require(actor, Permission.IMPORT_RUN)
    if len(code) != 8 or not code.isdecimal():
        raise RuleBroken(fields={"code": _("Un code CPV compte huit chiffres, sans la clé.")})
    if parent_code and db.session.get(Category, parent_code) is None:
        raise RuleBroken(
            fields={"parent_code": _("Catégorie parente inconnue : %(code)s.", code=parent_code)}
        )
    values = {"parent_code": parent_code or None, "level": level, "label_fr": label_fr, "label_en": label_en}
    return _save(actor, Category, {"code": code}, values)


def save_criterion(
    actor: Actor,
    *,
    key: str,
    position: int,
    subject: CriterionSubject,
    verification_policy: VerificationPolicy,
    label_fr: str,
    label_en: str,
    question_fr: str = "",
    question_en: str = "",
    description_fr: str = "",
    description_en: str = "",
    legal_basis: str = "",
    implied_by: Sequence[str] = (),
) -> SaveOutcome:
    require(actor, Permission.IMPORT_RUN)
    values = {
        "position": position,
        "subject": subject,
        "verification_policy": verification_policy,
        "label_fr": label_fr,
        "label_en": label_en,
        "question_fr": question_fr,
        "question_en": question_en,
        "description_fr": description_fr,
        "description_en": description_en,
        "legal_basis": legal_basis,
        "implied_by": list(implied_by),
    }
    return _save(actor, Criterion, {"key": key}, values)


def save_objective(
    actor: Actor,
    *,
    key: str,
    position: int,
    label_fr: str,
    label_en: str,
    description_fr: str = "",
    description_en: str = "",
) -> SaveOutcome:
    require(actor, Permission.IMPORT_RUN)
    values = {
        "position": position,
        "label_fr": label_fr,
        "label_en": label_en,
        "description_fr": description_fr,
        "description_en": description_en,
    }
    return _save(actor, Objective, {"key": key}, values)


def save_qualified_service(
    actor: Actor,
    *,
    provider: str,
    service_name: str,
    scope: str,
    status: str,
    referential_version: str = "",
    qualified_since: date | None = None,
    valid_until: date | None = None,
    provider_country: str = "",
    source: str = "",
    source_on: date | None = None,
    confidence: str = "",
    note: str = "",
) -> SaveOutcome:
    """One row of the SecNumCloud registry, known by provider, service and scope."""
    require(actor, Permission.IMPORT_RUN)
    _check_period(qualified_since, valid_until, "valid_until")
    values = {
        "status": status,
        "referential_version": referential_version,
        "qualified_since": qualified_since,
        "valid_until": valid_until,
        "provider_country": provider_country,
        "source": source,
        "source_on": source_on,
        "confidence": confidence,
        "note": note,
    }
    known_by = {"provider": provider, "service_name": service_name, "scope": scope}
    return _save(actor, QualifiedService, known_by, values)


def save_legal_parameter(
    actor: Actor,
    *,
    key: str,
    value: str,
    legal_reference: str,
    unit: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    source: str = "",
    source_on: date | None = None,
    confidence: str = "",
    note: str = "",
) -> SaveOutcome:
    """One dated version of a rule, known by key, text and first day."""
    require(actor, Permission.IMPORT_RUN)
    _check_period(valid_from, valid_to, "valid_to")
    values = {
        "value": value,
        "unit": unit,
        "valid_to": valid_to,
        "source": source,
        "source_on": source_on,
        "confidence": confidence,
        "note": note,
    }
    known_by = {"key": key, "legal_reference": legal_reference, "valid_from": valid_from}
    return _save(actor, LegalParameter, known_by, values)


def _check_period(start: date | None, end: date | None, field: str) -> None:
    if start and end and end < start:
        raise RuleBroken(fields={field: _("La date de fin précède la date de début.")})


def _save(
    actor: Actor, model: type[Base], known_by: Mapping[str, Any], values: Mapping[str, Any]
) -> SaveOutcome:
    _check_texts(model, {**known_by, **values})
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


def _check_texts(model: type[Base], values: Mapping[str, Any]) -> None:
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
