"""Writing categories, objectives, registries and rules of law, as often as one likes."""

from datetime import date

from app.core.db import db
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.permissions import Actor, Permission, require
from app.reference.enums import SaveOutcome
from app.reference.models import Category, LegalParameter, Objective, QualifiedService
from app.reference.services.saving import save


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
    return save(actor, Category, {"code": code}, values)


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
    return save(actor, Objective, {"key": key}, values)


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
    return save(actor, QualifiedService, known_by, values)


def withdraw_qualified_service(actor: Actor, row: QualifiedService) -> None:
    """What a newer registry no longer holds is qualified no more."""
    known_by = {"provider": row.provider, "service_name": row.service_name, "scope": row.scope}
    require(actor, Permission.IMPORT_RUN)
    save(actor, QualifiedService, known_by, {"status": "withdrawn"})


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
    return save(actor, LegalParameter, known_by, values)


def _check_period(start: date | None, end: date | None, field: str) -> None:
    if start and end and end < start:
        raise RuleBroken(fields={field: _("La date de fin précède la date de début.")})
