"""The route to purchase: what the law of a day opens for an amount, from dated parameters, never constants.

It informs; it is not legal advice. Amounts are euros, before tax unless a name says `total_with_tax`."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


class Route(enum.StrEnum):
    """Procedures, then opinions to ask for. Articles are those the parameter names."""

    NO_PUBLICITY = "no_publicity"
    INNOVATIVE = "innovative"
    INNOVATIVE_DEFENCE = "innovative_defence"
    ADAPTED = "adapted"
    FORMAL = "formal"
    NEGOTIATED = "negotiated"
    DINUM_OPINION = "dinum_opinion"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated rule of law as it stood on the day asked. `value` is the amount, None for an article."""

    key: str
    value: Decimal | None
    reference: str
    valid_from: date | None
    valid_to: date | None
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is to be bought. `amount` is None where nobody can say yet; `is_state` tells the State and its
    bodies from local authorities and hospitals; `opens_development` that the third step is open."""

    amount: Decimal | None
    total_with_tax: Decimal | None = None
    is_state: bool = True
    is_defence: bool = False
    is_innovative: bool = False
    opens_development: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One route: whether it `applies` (None: an amount is missing), and the parameter that says so."""

    route: Route
    applies: bool | None
    parameter: Parameter


_BELOW = "below"
_FROM = "from"


def find_routes(purchase: Purchase, parameters: Sequence[Parameter]) -> tuple[Finding, ...]:
    """The routes of the day's law for this purchase, in the order of `Route`; one without a parameter in
    force that day is left out. Where several texts hold at once, the latest decides."""
    found = []
    for route, key, side, amount in _asked(purchase):
        parameter = _latest(parameters, key)
        if parameter is not None:
            found.append(Finding(route, _holds(parameter, side, amount), parameter))
    formal = next((finding for finding in found if finding.route is Route.FORMAL), None)
    simple = next((finding for finding in found if finding.route is Route.NO_PUBLICITY), None)
    if formal and simple:  # between the two thresholds, lower bound included (art. R2123-1)
        between = None if purchase.amount is None else not simple.applies and not formal.applies
        found.append(Finding(Route.ADAPTED, between, formal.parameter))
    order = list(Route)
    return tuple(sorted(found, key=lambda finding: order.index(finding.route)))


def _asked(purchase: Purchase) -> Iterable[tuple[Route, str, str, Decimal | None]]:
    threshold = "central_government" if purchase.is_state else "subcentral"
    if purchase.is_defence:
        threshold = "defence_security"
    amount = purchase.amount
    yield Route.NO_PUBLICITY, "no_publicity_threshold_supplies_services", _BELOW, amount
    if purchase.is_innovative and purchase.is_defence:
        yield Route.INNOVATIVE_DEFENCE, "innovative_purchase_threshold_defence_security", _BELOW, amount
    elif purchase.is_innovative:
        yield Route.INNOVATIVE, "innovative_purchase_threshold", _BELOW, amount
    yield Route.FORMAL, f"eu_formal_threshold_{threshold}_supplies_services", _FROM, amount
    if purchase.opens_development:
        yield Route.NEGOTIATED, "negotiated_procedure_adaptation_case", _FROM, None
    if purchase.is_state:
        yield Route.DINUM_OPINION, "dinum_avis_conforme_threshold", _FROM, purchase.total_with_tax


def _latest(parameters: Iterable[Parameter], key: str) -> Parameter | None:
    held = [parameter for parameter in parameters if parameter.key == key]
    return max(held, key=lambda parameter: parameter.valid_from or date.min, default=None)


def _holds(parameter: Parameter, side: str, amount: Decimal | None) -> bool | None:
    if parameter.value is None:
        return True
    if amount is None:
        return None
    return amount < parameter.value if side == _BELOW else amount >= parameter.value
