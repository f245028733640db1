"""What evidence, standings and steadiness are called on the pages of matching."""

from collections.abc import Mapping
from typing import Any

from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.matchmaking.enums import Measure, Standing

OBJECTIVE_SIGNAL = "objective:"
MEASURES: Mapping[str, Any] = {Measure.LEAD_TIME_DAYS: _l("Délai de mise en service annoncé")}
STANDINGS: Mapping[str, Any] = {
    Standing.VERIFIED: _l("vérifié"),
    Standing.DECLARED: _l("déclaré"),
    Standing.REFUSED: _l("non rempli"),
    Standing.UNKNOWN: _l("inconnu"),
}
STEADY, FAIRLY_STEADY = 0.9, 0.7


def source_label(source: str, criteria: Mapping[str, Any]) -> str:
    """A criterion or a measure in words."""
    if source in criteria:
        return str(criteria[source].label)
    return str(MEASURES.get(source, source))


def steadiness(share: float) -> str:
    """How much an order depends on the exact weights."""
    if share >= STEADY:
        return _("ordre stable")
    return _("ordre assez stable") if share >= FAIRLY_STEADY else _("ordre sensible à vos poids")
