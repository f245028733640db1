"""States of a need, strength of a requirement, and what a need effectively requires."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from app.core.i18n import lazy_gettext as _l
from app.reference.enums import SENSITIVE_DATA_CRITERION


class NeedStatus(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


class RequiredLevel(enum.StrEnum):
    """Whether a vendor's declaration suffices, or only a verified claim."""

    DECLARED = "declared"
    VERIFIED = "verified"

    @property
    def label(self) -> str:
        return str(_LEVELS[self])


_LEVELS = {
    RequiredLevel.DECLARED: _l("la déclaration du fournisseur suffit"),
    RequiredLevel.VERIFIED: _l("vérifié exigé"),
}


@dataclass(frozen=True, slots=True)
class EffectiveRequirement:
    """A criterion an offer must meet; `by_law`, because the data is sensitive: nothing stands in for it."""

    criterion_key: str
    level: RequiredLevel
    by_law: bool = False


def effective_requirements(
    asked: Mapping[str, RequiredLevel], *, sensitive_data: bool
) -> tuple[EffectiveRequirement, ...]:
    """What is asked, and what the law adds, for every path to offers.

    Data "d’une sensibilité particulière" (law of 21 May 2024, article 31) is hosted by a service whose
    SecNumCloud qualification is verified."""
    found = {key: EffectiveRequirement(key, level) for key, level in asked.items()}
    if sensitive_data:
        key = SENSITIVE_DATA_CRITERION
        found[key] = EffectiveRequirement(key, RequiredLevel.VERIFIED, by_law=True)
    return tuple(found[key] for key in sorted(found))
