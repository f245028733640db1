"""Routes to purchase in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core.i18n import gettext as _
from app.doctrine.engine import Finding, Route
from app.doctrine.presenters.words import ROUTES


@dataclass(frozen=True, slots=True)
class RouteLine:
    """One route to purchase in words: whether it applies, its threshold and text, and how sure the row is."""

    title: str
    verdict: str
    applies: bool | None
    threshold: str
    reference: str
    valid_from: date | None
    source: str
    is_confirmed: bool


def route_lines(findings: Sequence[Finding]) -> tuple[RouteLine, ...]:
    return tuple(
        RouteLine(
            str(ROUTES[finding.route]),
            _verdict(finding),
            finding.applies,
            _threshold(finding),
            finding.parameter.reference,
            finding.parameter.valid_from,
            finding.parameter.source,
            finding.parameter.confidence == "high",
        )
        for finding in findings
    )


def _verdict(finding: Finding) -> str:
    if finding.applies is None:
        return _("Selon le montant")
    return _("Ouverte") if finding.applies else _("Non concernée")


def _threshold(finding: Finding) -> str:
    if finding.parameter.value is None or finding.route is Route.ADAPTED:
        return ""
    amount = f"{finding.parameter.value:,.0f}".replace(",", "\u202f")
    unit = _("€ TTC") if finding.route is Route.DINUM_OPINION else _("€ HT")
    below = finding.route in {Route.NO_PUBLICITY, Route.INNOVATIVE, Route.INNOVATIVE_DEFENCE}
    return f"{_('moins de') if below else _('à partir de')} {amount}\u00a0{unit}"
