"""Criteria as data: a moderator adds one, changes its words, law and hierarchy, retires it."""

import re
from collections.abc import Sequence
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.audit.services import record
from app.content.services import Seen, check_seen, worded
from app.content.spec import Content
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
from app.reference.services.criterion_content import CRITERION
from app.reference.services.saving import check_texts, save
from app.reference.services.values import checked_operand
from app.reference.signals import criteria_changed

KEY = re.compile(r"[a-z][a-z0-9_]*")
LAST_POSITION = 9999
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


def edit_criterion(actor: Actor, criterion: Criterion, content: Content, *, seen: Seen | None = None) -> bool:
    """Change a criterion; False when nothing differs. Its key and its subject stay: claims rely on them.

    Raises EditConflict when somebody else saved since it was `seen`."""
    require(actor, Permission.CRITERION_EDIT)
    _hold_all()
    check_seen(CRITERION, criterion, seen, content)
    values = _checked(criterion.key, _possible(CRITERION.load(content)))
    held = CRITERION.content_of(criterion)
    before = {name: getattr(criterion, name) for name in values if held[name] != content[name]}
    if not before:
        return False
    for name in before:
        setattr(criterion, name, values[name])
    if criterion.attribute_key == criterion.key:  # a criterion of its own: the two have one name
        criterion.attribute.label_fr, criterion.attribute.label_en = criterion.label_fr, criterion.label_en
    with worded():
        db.session.flush()
    replaced = {
        name: ", ".join(value) if isinstance(value, list) else str(value or "")
        for name, value in before.items()
    }
    record(
        actor, "criterion.edited", criterion, key=criterion.key, before=replaced, version=criterion.revision
    )
    if "implied_by" in before:
        criteria_changed.send()
    return True


def retire_criterion(actor: Actor, criterion: Criterion, *, revision: int) -> None:
    """Take a criterion out of the forms; needs that require it and claims about it keep their meaning."""
    require(actor, Permission.CRITERION_EDIT)
    if criterion.retired_at is not None:
        raise InvalidTransition(_("Ce critère est déjà retiré."))
    if criterion.revision != revision:
        raise Conflict(_("Ce critère a été modifié entre-temps par une autre personne."))
    criterion.retired_at = now()
    with worded():
        db.session.flush()
    record(actor, "criterion.retired", criterion, key=criterion.key)


def reactivate_criterion(actor: Actor, criterion: Criterion) -> None:
    require(actor, Permission.CRITERION_EDIT)
    if criterion.retired_at is None:
        raise InvalidTransition(_("Ce critère est déjà actif."))
    criterion.retired_at = None
    with worded():
        db.session.flush()
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
    rows = _hold_all()
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


def _possible(values: dict[str, Any]) -> dict[str, Any]:
    """A content may come from a tampered page, where the form's own checks did not see it."""
    fields = {}
    if values["verification_policy"] not in set(VerificationPolicy):
        fields["verification_policy"] = _("Dites ce qu’un modérateur consultera.")
    if values["position"] is None or not 0 <= values["position"] <= LAST_POSITION:
        fields["position"] = _("Saisissez un nombre de 0 à %(n)d.", n=LAST_POSITION)
    if fields:
        raise RuleBroken(fields=fields)
    return {**values, "verification_policy": VerificationPolicy(values["verification_policy"])}


def _hold_all() -> Sequence[sa.Row[str, list[str], str]]:
    """Key, implying criteria and label of each, until the commit; always in one order, so that two moderators
    wait for each other instead of blocking each other."""
    query = sa.select(Criterion.key, Criterion.implied_by, Criterion.label_fr).order_by(Criterion.key)
    return db.session.execute(query.with_for_update()).all()
