"""The values of an attribute: what its type allows, as they are kept in the database."""

import math
from collections.abc import Sequence
from datetime import date

from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.reference.enums import SEVERAL, AttributeType, CriterionOperator
from app.reference.models import Attribute

Stored = bool | int | float | str | list[str]
"""JSON: a date is YYYY-MM-DD, a set of choices a list in the order of the options."""


def checked_value(attribute: Attribute, value: object, *, field: str = "value") -> Stored:
    """The value as it may be stored. Raises RuleBroken on `field` when the type does not allow it."""
    found = _read(attribute, value)
    if found is None:
        raise RuleBroken(fields={field: _expected(attribute)})
    return found


def checked_operand(attribute: Attribute, operator: CriterionOperator, value: object) -> Stored:
    """What a criterion compares the attribute with: a list for "one of" and "contains"."""
    if operator in SEVERAL:
        found = _among(attribute.options, value)
        if found is None:
            raise RuleBroken(fields={"operand": _expected(attribute)})
        return found
    return checked_value(attribute, value, field="operand")


def _read(attribute: Attribute, value: object) -> Stored | None:
    match attribute.type:
        case AttributeType.YES_NO:
            return value if isinstance(value, bool) else None
        case AttributeType.NUMBER:
            return _number(value)
        case AttributeType.DATE:
            return _day(value)
        case AttributeType.CHOICE:
            return value if isinstance(value, str) and value in attribute.options else None
        case AttributeType.CHOICES:
            return _among(attribute.options, value)


def _number(value: object) -> int | float | None:
    try:
        number = float(str(value).replace(",", ".").replace("\N{NO-BREAK SPACE}", "").strip())
    except ValueError:
        return None
    if isinstance(value, bool) or not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number


def _day(value: object) -> str | None:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value).strip())).isoformat()
    except ValueError:
        return None


def _among(options: Sequence[str], value: object) -> list[str] | None:
    given = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not given or not set(given) <= set(options):
        return None
    return [option for option in options if option in given]


def _expected(attribute: Attribute) -> str:
    words = {
        AttributeType.YES_NO: _("Répondez par oui ou par non."),
        AttributeType.NUMBER: _("Saisissez un nombre."),
        AttributeType.DATE: _("Saisissez une date."),
        AttributeType.CHOICE: _("Choisissez parmi : %(options)s.", options=", ".join(attribute.options)),
        AttributeType.CHOICES: _("Choisissez parmi : %(options)s.", options=", ".join(attribute.options)),
    }
    return str(words[attribute.type])
