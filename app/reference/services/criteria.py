"""Criteria as data: a moderator adds one, changes its words, law and hierarchy, retires it."""

import re
from collections.abc import Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.audit.services import record
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import Conflict, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.permissions import Actor, Permission, require
from app.reference.enums import (
    OPERATORS_OF,
    AttributeType,
    CriterionOperator,
    CriterionSubject,
    SaveOutcome,
    VerificationPolicy,
)
from app.reference.models import Attribute, Criterion
from app.reference.services.saving import check_texts, save
from app.reference.services.values import checked_operand
from app.reference.signals import criteria_changed

KEY = re.compile(r"[a-z][a-z0-9_]*")
# Columns of imported files are named after keys, with these endings for dates, evidence and scope.
RESERVED_ENDINGS = ("_debut", "_fin", "_preuve", "_portee")


class CriterionContent(TypedDict, total=False):
    """What may be written about a criterion; what is left out keeps its value."""

    position: int
    verification_policy: VerificationPolicy
    label_fr: str
    label_en: str
    question_fr: str
    question_en: str
    description_fr: str
    description_en: str
    legal_basis: str
    source: str
    source_on: date | None
    implied_by: Sequence[str]


class Measured(TypedDict, total=False):
    """What a criterion asks, set once: a predicate on a known attribute (`attribute_key`), or on a new one of
    the criterion's own name, yes or no where nothing else is said."""

    attribute_key: str
    type: AttributeType
    unit: str
    options: Sequence[str]
    left_to_buyer: bool
    operator: CriterionOperator
    operand: object


def save_attribute(
    actor: Actor,
    *,
    key: str,
    type: AttributeType,
    subject: CriterionSubject,
    label_fr: str,
    label_en: str,
    unit: str = "",
) -> SaveOutcome:
    """Create or change, as often as one likes, an attribute that several criteria measure."""
    require(actor, Permission.CRITERION_EDIT)
    labels = {"label_fr": label_fr, "label_en": label_en}
    return save(actor, Attribute, {"key": key}, {"type": type, "subject": subject, "unit": unit, **labels})


def save_criterion(
    actor: Actor,
    *,
    key: str,
    subject: CriterionSubject,
    measured: Measured | None = None,
    **content: Unpack[CriterionContent],
) -> SaveOutcome:
    """Create or change, as often as one likes; `implied_by` may name criteria still to come."""
    require(actor, Permission.CRITERION_EDIT)
    implied_by = list(content.get("implied_by", ()))
    _check_no_loop(key, implied_by)
    labels = content.get("label_fr", key), content.get("label_en", key)
    asked = _predicate(key, subject, measured or {}, labels)
    values = {"subject": subject, **asked, **content, "implied_by": implied_by}
    return save(actor, Criterion, {"key": key}, values)


def add_criterion(
    actor: Actor,
    *,
    key: str,
    subject: CriterionSubject,
    measured: Measured | None = None,
    **content: Unpack[CriterionContent],
) -> Criterion:
    """A criterion that vendors may claim and needs require at once, in every process."""
    require(actor, Permission.CRITERION_EDIT)
    _check_key(key)
    values = _checked(key, dict(content))
    taken = RuleBroken(fields={"key": _("Un critère a déjà cette clé : choisissez-en une autre.")})
    if db.session.get(Criterion, key) is not None:
        raise taken
    try:
        with db.session.begin_nested():
            labels = values["label_fr"], values["label_en"]
            asked = _predicate(key, subject, measured or {}, labels)
            subject = asked.pop("subject", subject)
            criterion = Criterion(key=key, subject=subject, **asked, **values)
            db.session.add(criterion)
    except IntegrityError as error:  # somebody else has just taken it
        raise taken from error
    record(actor, "criterion.added", criterion, key=key, name=criterion.label_fr)
    criteria_changed.send()
    return criterion


def edit_criterion(
    actor: Actor, criterion: Criterion, *, expected_version: int, **content: Unpack[CriterionContent]
) -> bool:
    """Change a criterion; False when nothing differs. Its key and its subject stay: claims rely on them.

    Raises Conflict when somebody else saved in between."""
    require(actor, Permission.CRITERION_EDIT)
    _check_version(criterion, expected_version)
    values = _checked(criterion.key, dict(content))
    before = {
        name: getattr(criterion, name) for name, value in values.items() if getattr(criterion, name) != value
    }
    if not before:
        return False
    for name in before:
        setattr(criterion, name, values[name])
    if criterion.attribute_key == criterion.key:  # a criterion of its own: the two have one name
        criterion.attribute.label_fr, criterion.attribute.label_en = criterion.label_fr, criterion.label_en
    _flush()
    replaced = {
        name: ", ".join(value) if isinstance(value, list) else str(value or "")
        for name, value in before.items()
    }
    record(
        actor, "criterion.edited", criterion, key=criterion.key, before=replaced, version=criterion.version
    )
    if "implied_by" in before:
        criteria_changed.send()
    return True


def retire_criterion(actor: Actor, criterion: Criterion, *, expected_version: int) -> None:
    """Take a criterion out of the forms; needs that require it and claims about it keep their meaning."""
    require(actor, Permission.CRITERION_EDIT)
    if criterion.retired_at is not None:
        raise InvalidTransition(_("Ce critère est déjà retiré."))
    _check_version(criterion, expected_version)
    criterion.retired_at = now()
    _flush()
    record(actor, "criterion.retired", criterion, key=criterion.key)


def reactivate_criterion(actor: Actor, criterion: Criterion) -> None:
    require(actor, Permission.CRITERION_EDIT)
    if criterion.retired_at is None:
        raise InvalidTransition(_("Ce critère est déjà actif."))
    criterion.retired_at = None
    _flush()
    record(actor, "criterion.reactivated", criterion, key=criterion.key)


def _predicate(
    key: str, subject: CriterionSubject, measured: Measured, labels: tuple[str, str]
) -> dict[str, Any]:
    """Columns of a criterion that say what it asks; its attribute is made where there is none yet. What
    qualifies a known attribute is the attribute's affair."""
    attribute_key = measured.get("attribute_key") or key
    attribute = db.session.get(Attribute, attribute_key)
    if attribute is None:
        if attribute_key != key:
            raise RuleBroken(fields={"attribute_key": _("Choisissez un attribut connu.")})
        attribute = _new_attribute(key, subject, measured, labels)
    operator = measured.get("operator", CriterionOperator.IS)
    if operator not in OPERATORS_OF[attribute.type]:
        allowed = ", ".join(one.label for one in CriterionOperator if one in OPERATORS_OF[attribute.type])
        message = _("Pour ce type d’attribut, choisissez parmi : %(allowed)s.", allowed=allowed)
        raise RuleBroken(fields={"operator": message})
    operand = checked_operand(attribute, operator, measured.get("operand", True))
    return {
        "attribute_key": attribute_key,
        "operator": operator,
        "operand": operand,
        **({"subject": attribute.subject} if attribute_key != key else {}),
    }


def _new_attribute(
    key: str, subject: CriterionSubject, measured: Measured, labels: tuple[str, str]
) -> Attribute:
    kind = measured.get("type", AttributeType.YES_NO)
    options = list(dict.fromkeys(measured.get("options", ())))
    fields = {}
    if kind in (AttributeType.CHOICE, AttributeType.CHOICES) and len(options) < 2:
        fields["options"] = _("Donnez au moins deux choix, séparés par des virgules.")
    if measured.get("unit") and kind is not AttributeType.NUMBER:
        fields["unit"] = _("Une unité ne va qu’avec un nombre.")
    if fields:
        raise RuleBroken(fields=fields)
    attribute = Attribute(
        key=key,
        type=kind,
        unit=measured.get("unit", ""),
        options=options,
        subject=subject,
        left_to_buyer=measured.get("left_to_buyer", False),
        label_fr=labels[0],
        label_en=labels[1],
    )
    check_texts(Attribute, {"key": key, "unit": attribute.unit, "label_fr": labels[0]})
    db.session.add(attribute)
    flush_for_id()
    return attribute


def _check_key(key: str) -> None:
    if not KEY.fullmatch(key):
        message = _("Écrivez la clé en minuscules sans accent, chiffres et _, en commençant par une lettre.")
        raise RuleBroken(fields={"key": message})
    if key.endswith(RESERVED_ENDINGS):
        message = _("Les fins %(endings)s nomment des colonnes d’import : choisissez une autre clé.")
        raise RuleBroken(fields={"key": message % {"endings": ", ".join(RESERVED_ENDINGS)}})


def _checked(key: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values as they may be stored. Raises RuleBroken naming the field at fault."""
    check_texts(Criterion, {"key": key, **values})
    if values.get("source_on") and not values.get("source", "-"):
        raise RuleBroken(fields={"source": _("Indiquez la source lue à cette date.")})
    if "implied_by" in values:
        values["implied_by"] = list(dict.fromkeys(values["implied_by"]))
        _check_no_loop(key, values["implied_by"], known=True)
    return values


def _check_no_loop(key: str, implied_by: Sequence[str], *, known: bool = False) -> None:
    """Refuse a criterion that would imply itself, whoever else is changing the hierarchy meanwhile."""
    query = sa.select(Criterion.key, Criterion.implied_by, Criterion.label_fr).order_by(Criterion.key)
    rows = db.session.execute(query.with_for_update()).all()
    labels = {row.key: row.label_fr for row in rows}
    unknown = [implier for implier in implied_by if implier not in labels and implier != key]
    if known and unknown:
        message = _("Critère inconnu : %(key)s.", key=", ".join(unknown))
        raise RuleBroken(fields={"implied_by": message})
    try:
        TopologicalSorter({**{row.key: row.implied_by for row in rows}, key: implied_by}).prepare()
    except CycleError as error:
        names = [f"« {labels.get(node, node)} »" for node in error.args[1]]
        message = _(
            "Ces critères tourneraient en rond : %(loop)s. Décochez l’un d’eux, ou modifiez d’abord l’autre.",
            loop=_(" implique ").join(names),
        )
        raise RuleBroken(fields={"implied_by": message}) from error


def _check_version(criterion: Criterion, expected: int) -> None:
    if criterion.version != expected:
        raise Conflict(_conflict_message())


def _flush() -> None:
    try:
        db.session.flush()  # the version column speaks now, while we can still word it
    except StaleDataError as error:
        raise Conflict(_conflict_message()) from error


def _conflict_message() -> str:
    return str(_("Ce critère a été modifié entre-temps par une autre personne."))
