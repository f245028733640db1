"""Routes to purchase: each threshold on both sides, on both days that surround a change of law."""

from datetime import date
from decimal import Decimal

import pytest

from app.doctrine.engine import Parameter, Purchase, Route, find_routes


def parameter(key: str, value: int | None, since: date | None = None) -> Parameter:
    amount = None if value is None else Decimal(value)
    return Parameter(key, amount, f"texte {key}", since, None, "source", "high")


LAW = [
    parameter("no_publicity_threshold_supplies_services", 60_000, date(2026, 4, 1)),
    parameter("innovative_purchase_threshold", 100_000, date(2021, 12, 1)),
    parameter("innovative_purchase_threshold_defence_security", 300_000, date(2025, 1, 1)),
    parameter("eu_formal_threshold_central_government_supplies_services", 140_000, date(2026, 1, 1)),
    parameter("eu_formal_threshold_subcentral_supplies_services", 216_000, date(2026, 1, 1)),
    parameter("eu_formal_threshold_defence_security_supplies_services", 432_000, date(2026, 1, 1)),
    parameter("dinum_avis_conforme_threshold", 9_000_000, date(2020, 7, 27)),
    parameter("negotiated_procedure_adaptation_case", None, date(2019, 4, 1)),
]


def opened(purchase: Purchase) -> set[Route]:
    return {finding.route for finding in find_routes(purchase, LAW) if finding.applies}


@pytest.mark.parametrize(
    ("amount", "route"),
    [
        ("59999.99", Route.NO_PUBLICITY),
        ("60000", Route.ADAPTED),
        ("139999.99", Route.ADAPTED),
        ("140000", Route.FORMAL),
    ],
)
def test_procedure_changes_at_the_threshold_itself(amount: str, route: Route) -> None:
    assert opened(Purchase(Decimal(amount))) == {route}


@pytest.mark.parametrize(
    ("amount", "defence", "route"),
    [
        ("99999.99", False, Route.INNOVATIVE),
        ("100000", False, None),
        ("299999.99", True, Route.INNOVATIVE_DEFENCE),
        ("300000", True, None),
    ],
)
def test_innovative_purchase_is_strictly_below_its_threshold(
    amount: str, defence: bool, route: Route | None
) -> None:
    found = opened(Purchase(Decimal(amount), is_innovative=True, is_defence=defence))

    assert found & {Route.INNOVATIVE, Route.INNOVATIVE_DEFENCE} == ({route} if route else set())


@pytest.mark.parametrize(
    ("amount", "is_state", "formal"), [("140000", False, False), ("216000", False, True)]
)
def test_local_authorities_have_their_own_threshold(amount: str, is_state: bool, formal: bool) -> None:
    assert (Route.FORMAL in opened(Purchase(Decimal(amount), is_state=is_state))) is formal


@pytest.mark.parametrize(("total", "asked"), [("8999999.99", False), ("9000000", True)])
def test_dinum_is_asked_from_its_threshold_with_tax(total: str, asked: bool) -> None:
    purchase = Purchase(Decimal(1), total_with_tax=Decimal(total))

    assert (Route.DINUM_OPINION in opened(purchase)) is asked
    assert Route.DINUM_OPINION not in opened(Purchase(Decimal(1), Decimal(total), is_state=False))


def test_without_an_amount_nothing_is_said_to_apply() -> None:
    assert opened(Purchase(None)) == set()
    assert {finding.applies for finding in find_routes(Purchase(None), LAW)} == {None}


def test_negotiation_opens_with_the_third_step_alone() -> None:
    assert Route.NEGOTIATED not in opened(Purchase(Decimal(1)))
    assert Route.NEGOTIATED in opened(Purchase(Decimal(1), opens_development=True))


def test_the_latest_of_two_texts_in_force_decides() -> None:
    old = parameter("innovative_purchase_threshold", 50_000, date(2018, 12, 25))

    found = find_routes(Purchase(Decimal(70_000), is_innovative=True), [old, *LAW])

    assert {finding.route: finding.applies for finding in found}[Route.INNOVATIVE] is True


def test_what_has_no_parameter_that_day_is_left_out() -> None:
    assert find_routes(Purchase(Decimal(1)), []) == ()
