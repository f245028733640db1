"""How a criterion is verified and what it speaks of."""

import enum
from collections.abc import Mapping

from app.core.i18n import lazy_gettext as _l

SENSITIVE_DATA_CRITERION = "secnumcloud"
"""The criterion that the law requires, verified, where data is of particular sensitivity."""
SIZE_ATTRIBUTE = "sme"
"""What the size in a company's record answers: whether it is an SME in the European sense."""
LICENCE_ATTRIBUTE = "open_source"
"""What the licence of an offer answers."""
LEAD_TIME_ATTRIBUTE = "lead_time_days"
"""What the lead time of an offer answers, a number of days."""


class VerificationPolicy(enum.StrEnum):
    REGISTRY = "registry"
    DOCUMENT = "document"
    DECLARATION = "declaration"


class CriterionSubject(enum.StrEnum):
    OFFER = "offer"
    ORGANISATION = "organisation"


class SaveOutcome(enum.StrEnum):
    """What an idempotent save did to its row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class AttributeType(enum.StrEnum):
    """How what is claimed of an attribute is written."""

    YES_NO = "yes_no"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"

    @property
    def label(self) -> str:
        return str(_TYPES[self])


class CriterionOperator(enum.StrEnum):
    """What a criterion asks of an attribute; the words of `matching.criteria`."""

    IS = "is"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    ONE_OF = "one_of"
    CONTAINS = "contains"

    @property
    def label(self) -> str:
        return str(_OPERATORS[self])


OPERATORS_OF: Mapping[AttributeType, frozenset[CriterionOperator]] = {
    AttributeType.YES_NO: frozenset({CriterionOperator.IS}),
    AttributeType.NUMBER: frozenset(
        {CriterionOperator.IS, CriterionOperator.AT_MOST, CriterionOperator.AT_LEAST}
    ),
    AttributeType.DATE: frozenset(
        {CriterionOperator.IS, CriterionOperator.AT_MOST, CriterionOperator.AT_LEAST}
    ),
    AttributeType.CHOICE: frozenset({CriterionOperator.IS, CriterionOperator.ONE_OF}),
    AttributeType.CHOICES: frozenset({CriterionOperator.ONE_OF, CriterionOperator.CONTAINS}),
}
"""What may be asked of each type."""
SEVERAL = frozenset({CriterionOperator.ONE_OF, CriterionOperator.CONTAINS})
"""Operators whose operand is a list."""

_TYPES = {
    AttributeType.YES_NO: _l("Oui ou non"),
    AttributeType.NUMBER: _l("Un nombre"),
    AttributeType.DATE: _l("Une date"),
    AttributeType.CHOICE: _l("Un choix dans une liste"),
    AttributeType.CHOICES: _l("Plusieurs choix dans une liste"),
}
_OPERATORS = {
    CriterionOperator.IS: _l("est"),
    CriterionOperator.AT_MOST: _l("au plus"),
    CriterionOperator.AT_LEAST: _l("au moins"),
    CriterionOperator.ONE_OF: _l("fait partie de"),
    CriterionOperator.CONTAINS: _l("comprend"),
}


class TermKind(enum.StrEnum):
    """Why a buyer's word is read otherwise than it is written."""

    ACRONYM = "acronym"
    ENGLISH = "english"
    PRODUCT = "product"
