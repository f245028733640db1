"""Search results in the circular's order, and what filters leave of those that answer."""

from app.catalogue.engine import Choice, Columns, Passed, in_order, kept_from
from app.catalogue.queries.rows import SHELVES, OfferRow
from app.offers.enums import OfferKind

FOUND = [(1, 10.0), (2, 8.0), (3, 7.6), (4, 5.0), (5, 4.0)]


def row(number: int, kind: OfferKind, *verified: str, country: str = "FR") -> OfferRow:
    single = {"kinds": kind.value, "countries": country, "licences": ""}
    several = {
        "divisions": frozenset({"48"}),
        "declared": frozenset(verified),
        "verified": frozenset(verified),
    }
    return OfferRow(number, f"offre {number}", SHELVES[kind], 0.0, single, several)


COLUMNS = Columns.of(
    [
        row(1, OfferKind.FREE_SOFTWARE),
        row(2, OfferKind.MARKET, "sme", country="DE"),
        row(3, OfferKind.MUTUALISED),
        row(4, OfferKind.MUTUALISED, "secnumcloud", "sme"),
        row(5, OfferKind.MARKET, "secnumcloud"),
    ]
)


def test_the_state_comes_first_among_offers_that_answer_as_well() -> None:
    assert in_order(COLUMNS, FOUND) == [3, 2, 1, 4, 5]


def test_filters_that_leave_no_answer_are_told_with_what_lacks_the_least() -> None:
    choice = Choice(verified=frozenset({"secnumcloud", "sme"}))
    left = COLUMNS.select(choice, in_order(COLUMNS, FOUND)).ids.tolist()
    assert left == [4]
    both = (("verified", "secnumcloud"), ("verified", "sme"))
    assert kept_from(COLUMNS, choice, FOUND, left) == [
        Passed(2, (("verified", "secnumcloud"),)),
        Passed(1, both),
        Passed(3, both),
    ]


def test_facets_where_one_option_suffices_are_told_once() -> None:
    choice = Choice(countries=frozenset({"IT", "ES"}))
    assert {one.lacking for one in kept_from(COLUMNS, choice, FOUND, [])} == {(("countries", ""),)}


def test_nothing_is_said_where_an_answer_is_left_or_nothing_was_found() -> None:
    assert kept_from(COLUMNS, Choice(), FOUND, [1, 2, 3, 4, 5]) == []
    assert kept_from(COLUMNS, Choice(declared=frozenset({"sme"})), FOUND, [2, 4]) == []
    assert kept_from(COLUMNS, Choice(declared=frozenset({"sme"})), [], []) == []
