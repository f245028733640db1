"""States of a need, strength of a requirement, what a need effectively requires, and who reads which part."""

import enum
from collections.abc import Iterable, Mapping
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


class Audience(enum.StrEnum):
    """Who reads a part of a published need; each holds the ones before it."""

    TEAM = "team"
    ADMINISTRATIONS = "administrations"
    VENDORS = "vendors"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        return str(_AUDIENCES[self])

    @property
    def reader(self) -> str:
        return str(_READERS[self])

    def reads(self, meant_for: "Audience") -> bool:
        """Whether a reader of this kind is among those a part is meant for."""
        order = tuple(Audience)
        return order.index(self) <= order.index(meant_for)


_READERS = {
    Audience.TEAM: _l("mon administration"),
    Audience.ADMINISTRATIONS: _l("une autre administration"),
    Audience.VENDORS: _l("un fournisseur concerné"),
    Audience.PUBLIC: _l("le public"),
}
_AUDIENCES = {
    Audience.TEAM: _l("mon administration seule"),
    Audience.ADMINISTRATIONS: _l("les administrations"),
    Audience.VENDORS: _l("les administrations et les fournisseurs concernés"),
    Audience.PUBLIC: _l("tout le monde"),
}


class Part(enum.StrEnum):
    """What a need tells apart from its public text."""

    CONTEXT = "context"
    BUDGET = "budget"
    CONTRACT = "contract"

    @property
    def label(self) -> str:
        return str(_PARTS[self])


_PARTS = {
    Part.CONTEXT: _l("L’existant"),
    Part.BUDGET: _l("Le budget"),
    Part.CONTRACT: _l("Le contrat en cours"),
}

FIELDS_OF_PART: Mapping[Part, tuple[str, ...]] = {
    Part.CONTEXT: ("context",),
    Part.BUDGET: ("budget_range",),
    Part.CONTRACT: ("contract_holder", "contract_product", "contract_ends_on", "contract_exit"),
}

DEFAULT_AUDIENCES: Mapping[Part, Audience] = {
    Part.CONTEXT: Audience.ADMINISTRATIONS,
    Part.BUDGET: Audience.TEAM,
    Part.CONTRACT: Audience.ADMINISTRATIONS,
}
"""Nothing of it is public until its administration says so."""


def meant_for(audiences: Mapping[str, str]) -> dict[Part, Audience]:
    """Who each part is meant for; what is not said keeps its default."""
    return {part: Audience(audiences.get(part, DEFAULT_AUDIENCES[part])) for part in Part}


def hidden_from(reader: Audience, settings: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """The fields that `reader` does not see. Of several settings (a need's, an earlier version's) the
    stricter one holds: what was kept apart then does not come out now."""
    kept_apart = frozenset(
        name
        for audiences in settings
        for part, meant in meant_for(audiences).items()
        if not reader.reads(meant)
        for name in FIELDS_OF_PART[part]
    )
    return kept_apart if reader is Audience.TEAM else kept_apart | {"audiences"}
