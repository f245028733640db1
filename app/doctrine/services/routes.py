"""The routes to purchase that the law of a day opens, read from its dated rows."""

from datetime import date
from decimal import Decimal, InvalidOperation

from app.accounts.enums import AdministrationKind
from app.doctrine.engine import Finding, Parameter, Purchase, find_routes
from app.needs.models import Need
from app.reference.models import LegalParameter
from app.reference.queries import legal_parameters_on


def routes_on(day: date, purchase: Purchase) -> tuple[Finding, ...]:
    """`find_routes` with the parameters in force on `day`."""
    return find_routes(purchase, [_parameter(row) for row in legal_parameters_on(day)])


def buys_as_state(need: Need) -> bool:
    """Whether the State's thresholds hold: for ministries and operators, not local or health bodies."""
    return need.organisation.administration_kind in {AdministrationKind.MINISTRY, AdministrationKind.OPERATOR}


def _parameter(row: LegalParameter) -> Parameter:
    return Parameter(
        row.key,
        _amount(row.value, row.unit),
        row.legal_reference,
        row.valid_from,
        row.valid_to,
        row.source,
        row.confidence,
    )


def _amount(value: str, unit: str) -> Decimal | None:
    if not unit.startswith("EUR"):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:  # a range is told by its two thresholds
        return None
