"""Evidence and criteria: which statement decides, on which day, what predicates say, what the gate keeps."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.criteria import (
    UNDATED,
    Cells,
    CriteriaTable,
    Criterion,
    Fact,
    Facts,
    Level,
    Operator,
    Outcome,
    Predicate,
    Requirement,
    Value,
    count_exclusions,
    deciding,
    failures,
    has_ended,
    holding,
    holds,
    silence,
    single_failures,
)
from matching.errors import MatchingError, UnknownCriterion
from matching.retrieval.types import Need, Offer
from tests.unit.matching.factories import DECLARED, REFUTED, VERIFIED, make_matcher

DAY = date(2026, 11, 22)
EVE, MORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)
FREE = "free_software"
TABLE = CriteriaTable(
    [
        Criterion("host_eu", implied_by=("host_fr",), left_to_buyer=(FREE,)),
        Criterion("host_fr", left_to_buyer=(FREE,)),
        Criterion("month", attribute="lead_time", predicate=Predicate(Operator.AT_MOST, 30)),
        Criterion("quarter", attribute="lead_time", predicate=Predicate(Operator.AT_MOST, 90)),
    ]
)


def at(hour: int) -> datetime:
    return datetime(2026, 11, 1, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (None, None, True),
        (DAY, DAY, True),
        (EVE, MORROW, True),
        (MORROW, None, False),
        (None, EVE, False),
        (DAY, None, True),
        (None, DAY, True),
    ],
)
def test_statement_holds_from_its_first_day_to_its_last(
    first: date | None, last: date | None, expected: bool
) -> None:
    assert holds(Fact(True, Level.DECLARED, first, last), DAY) is expected


def test_best_established_statement_decides_then_the_newest_then_the_latest_number() -> None:
    old, new = Fact(True, Level.VERIFIED, said_at=at(1)), Fact(False, Level.VERIFIED, said_at=at(2))
    word = Fact(False, Level.DECLARED, said_at=at(3))
    assert deciding([old, word], DAY) is old
    assert deciding([word, old], DAY) is old
    assert deciding([old, new, word], DAY) is new
    assert deciding([new, old, word], DAY) is new
    first, second = Fact(True, Level.DECLARED, number=1), Fact(False, Level.DECLARED, number=2)
    assert deciding([second, first], DAY) is second
    assert deciding([], DAY) is None


def test_a_statement_out_of_its_dates_leaves_the_decision_to_the_others() -> None:
    over = Fact(True, Level.VERIFIED, last=EVE)
    assert deciding([over, Fact(False, Level.DECLARED)], DAY) == Fact(False, Level.DECLARED)
    assert holding({"a": over, "b": VERIFIED}, DAY) == {"b": VERIFIED}


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ([], "no_fact"),
        ([Fact(True, Level.DECLARED, last=EVE)], "expired"),
        ([Fact(True, Level.DECLARED, first=MORROW)], "not_yet"),
        ([Fact(True, Level.DECLARED, first=MORROW), Fact(True, Level.DECLARED, last=EVE)], "expired"),
    ],
)
def test_silence_says_why_nothing_is_known(facts: list[Fact], word: str) -> None:
    assert silence(facts, DAY) == word


PREDICATES: list[tuple[Operator, Value, Value, bool | None]] = [
    (Operator.IS, True, True, True),
    (Operator.IS, True, False, False),
    (Operator.IS, True, 1, None),
    (Operator.IS, "full", "full", True),
    (Operator.IS, 3, 3.0, True),
    (Operator.AT_MOST, 30, 30, True),
    (Operator.AT_MOST, 30, 31, False),
    (Operator.AT_MOST, 30, 29.5, True),
    (Operator.AT_MOST, 30, "30", None),
    (Operator.AT_MOST, 1, True, None),
    (Operator.AT_LEAST, 75, 75, True),
    (Operator.AT_LEAST, 75, 74, False),
    (Operator.AT_LEAST, 75, 76, True),
    (Operator.AT_LEAST, "2027-01-01", "2027-01-01", True),
    (Operator.AT_LEAST, "2027-01-01", "2026-12-31", False),
    (Operator.AT_LEAST, ("a",), ("a",), None),
    (Operator.ONE_OF, ("FR", "DE"), "FR", True),
    (Operator.ONE_OF, ("FR", "DE"), "US", False),
    (Operator.ONE_OF, ("FR", "DE"), ("FR", "DE"), True),
    (Operator.ONE_OF, ("FR", "DE"), ("FR", "US"), False),
    (Operator.ONE_OF, ("FR", "DE"), (), None),
    (Operator.ONE_OF, ("FR", "DE"), True, None),
    (Operator.CONTAINS, ("SAML",), ("SAML", "OIDC"), True),
    (Operator.CONTAINS, ("SAML", "OIDC"), ("SAML",), False),
    (Operator.CONTAINS, ("SAML",), "SAML", True),
    (Operator.CONTAINS, (), ("SAML",), None),
]


@pytest.mark.parametrize(("operator", "operand", "value", "expected"), PREDICATES)
def test_predicate(operator: Operator, operand: Value, value: Value, expected: bool | None) -> None:
    assert Predicate(operator, operand).holds(value) is expected


def outcome(key: str, level: Level = Level.DECLARED, **options: object) -> tuple[Outcome, str, str | None]:
    facts = options.pop("facts", {})
    asked = Requirement(key, level, strict=bool(options.pop("strict", False)))
    found = TABLE.outcome(asked, facts, **{"day": DAY, **options})  # type: ignore[arg-type]  # options of `outcome`
    return found.outcome, found.reason_code, found.decided_by


def test_number_answers_every_criterion_on_its_attribute() -> None:
    facts = {"lead_time": Fact(45, Level.VERIFIED)}
    assert outcome("month", facts=facts) == (Outcome.NOT_MET, "refuted", "month")
    assert outcome("quarter", Level.VERIFIED, facts=facts) == (Outcome.MET, "verified", "quarter")
    assert outcome("quarter", facts={}) == (Outcome.UNKNOWN, "no_fact", None)


def test_hosting_of_free_software_is_left_to_the_buyer_unless_something_is_said() -> None:
    assert outcome("host_eu", kind=FREE) == (Outcome.NOT_APPLICABLE, "left_to_buyer", None)
    assert outcome("host_eu", kind="market") == (Outcome.UNKNOWN, "no_fact", None)
    assert outcome("host_eu", kind=FREE, strict=True) == (Outcome.UNKNOWN, "left_to_buyer", None)
    assert outcome("host_eu", kind=FREE, facts={"host_fr": DECLARED}) == (Outcome.MET, "implied", "host_fr")
    assert outcome("host_fr", kind=FREE, facts={"host_fr": REFUTED}) == (
        Outcome.NOT_MET,
        "refuted",
        "host_fr",
    )
    assert outcome("month", kind=FREE) == (Outcome.UNKNOWN, "no_fact", None)


def test_statement_that_does_not_suffice_gives_its_own_reason() -> None:
    noted = {"host_fr": Fact(True, Level.DECLARED, note="to_confirm")}
    assert outcome("host_fr", Level.VERIFIED, facts=noted) == (Outcome.UNKNOWN, "to_confirm", "host_fr")
    assert outcome("host_fr", facts=noted) == (Outcome.MET, "declared", "host_fr")
    over = {"host_fr": Fact(True, Level.VERIFIED, last=EVE)}
    assert outcome("host_fr", facts=over) == (Outcome.UNKNOWN, "expired", None)


def test_refusal_wins_over_what_implies_the_criterion_at_equal_strength_only() -> None:
    no, yes = Fact(False, Level.DECLARED), Fact(True, Level.DECLARED)
    assert outcome("host_eu", facts={"host_eu": no, "host_fr": yes})[0] is Outcome.NOT_MET
    assert outcome("host_eu", facts={"host_eu": no, "host_fr": VERIFIED})[0] is Outcome.MET
    assert outcome("host_eu", facts={"host_eu": yes, "host_fr": VERIFIED})[1:] == ("implied", "host_fr")
    assert outcome("host_eu", facts={"host_eu": yes, "host_fr": yes})[1:] == ("declared", "host_eu")


def test_normalise_keeps_the_highest_level_and_what_is_strict() -> None:
    asked = [Requirement("month", strict=True), Requirement("month", Level.VERIFIED), Requirement("host_eu")]
    assert TABLE.normalise(asked) == (
        Requirement("host_eu"),
        Requirement("month", Level.VERIFIED, strict=True),
    )


days = st.integers(-3, 3).map(lambda shift: DAY + timedelta(days=shift))
statements = st.builds(
    Fact,
    st.booleans(),
    st.sampled_from(list(Level)),
    st.none() | days,
    st.none() | days,
    st.integers(0, 3).map(at),
    st.integers(1, 9),
)
numbers = st.builds(
    Fact,
    st.sampled_from([29, 30, 31, 90, 91]),
    st.sampled_from(list(Level)),
    st.none() | days,
    st.none() | days,
)
some_facts = st.fixed_dictionaries(
    {
        "host_eu": st.lists(statements, max_size=3),
        "host_fr": st.lists(statements, max_size=3),
        "lead_time": st.lists(numbers, max_size=2),
    }
)
kinds = st.sampled_from(["market", FREE])
DAYS = [DAY + timedelta(days=shift) for shift in range(-5, 6)]
ASKED = [Requirement(key, level, strict) for key, level, strict in product(TABLE.keys, Level, (False, True))]


@settings(max_examples=60, deadline=None)
@given(offers=st.lists(st.tuples(kinds, some_facts), min_size=1, max_size=5))
def test_table_of_a_day_is_what_holds_that_day(offers: list[tuple[str, Facts]]) -> None:
    ids = np.arange(1, len(offers) + 1, dtype=np.int64)
    cells = Cells.empty(4).changed(ids, ids, [TABLE.timeline(facts, kind) for kind, facts in offers])
    for day in [UNDATED, *DAYS, date.max]:
        for row, (kind, facts) in zip(cells.on(day), offers, strict=True):
            assert row.tolist() == TABLE.codes(holding(facts, day), kind).tolist()


@settings(max_examples=60, deadline=None)
@given(kind=kinds, facts=some_facts, day=st.sampled_from(DAYS))
def test_gate_and_explanation_never_disagree(kind: str, facts: Facts, day: date) -> None:
    row = TABLE.codes(holding(facts, day), kind)[None]
    for asked in ASKED:
        passes = failures(TABLE, row, [asked])[0] == 0
        assert passes == TABLE.outcome(asked, facts, kind=kind, day=day).passes


def test_cells_follow_changes_of_offers() -> None:
    dated = TABLE.timeline({"host_fr": Fact(True, Level.VERIFIED, DAY, DAY)})
    plain = TABLE.timeline({"host_fr": VERIFIED})
    some = np.array([3, 7], np.int64)
    cells = Cells.empty(4).changed(some, some, [dated, plain])
    assert [cells.on(day)[:, 1].tolist() for day in (EVE, DAY, MORROW)] == [[0, 2], [2, 2], [0, 2]]
    five = np.array([5], np.int64)
    cells = cells.changed(five, five, [dated]).changed(np.array([3], np.int64), np.empty(0, np.int64), [])
    assert cells.ids.tolist() == [5, 7]
    assert [cells.on(day)[:, 1].tolist() for day in (EVE, DAY, MORROW)] == [[0, 2], [2, 2], [0, 2]]
    seven = np.array([7], np.int64)
    cells = cells.changed(seven, seven, [dated])
    assert [cells.on(day)[:, 1].tolist() for day in (EVE, DAY, MORROW)] == [[0, 0], [2, 2], [0, 0]]


def test_tables_of_many_days_are_right_whatever_is_kept() -> None:
    one = np.array([1], np.int64)
    cells = Cells.empty(4).changed(
        one, one, [TABLE.timeline({"host_fr": Fact(True, Level.DECLARED, DAY, DAY)})]
    )
    for _ in range(2):
        assert [int(cells.on(day)[0, 1]) for day in DAYS] == [int(day == DAY) for day in DAYS]


def test_strict_requirement_counts_what_is_left_to_the_buyer_as_unknown() -> None:
    codes = np.array([[3, 3, 0, 0], [2, 2, 0, 0], [1, 1, 0, 0], [-2, -2, 0, 0]], np.int8)
    loose, strict = (
        Requirement("host_fr", Level.VERIFIED),
        Requirement("host_fr", Level.VERIFIED, strict=True),
    )
    for asked, eligible, unknown in ((loose, 2, 1), (strict, 1, 2)):
        fails = failures(TABLE, codes, [asked])
        counts = count_exclusions(TABLE, codes, fails, [asked])
        assert (counts.eligible, counts.unknown["host_fr"], counts.total) == (eligible, unknown, 4)
        assert counts.per_criterion == {"host_fr": 4 - eligible}
        assert counts.counterfactuals == {"host_fr": 4 - eligible, "host_fr@declared": 1}


def test_single_failures_are_those_of_exactly_one_requirement() -> None:
    asked = [Requirement("host_fr"), Requirement("month")]
    codes = np.array([[0, 1, 1, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]], np.int8)
    fails = failures(TABLE, codes, asked)
    assert fails.tolist() == [0, 1, 2, 3]
    assert single_failures(fails).tolist() == [False, True, True, False]


def test_matcher_answers_as_of_the_day_asked() -> None:
    dated = Offer(
        1,
        "market",
        "Courriel",
        description="Messagerie",
        facts={"sme": Fact(True, Level.VERIFIED, DAY, MORROW)},
    )
    matcher = make_matcher([dated])
    need = Need("Messagerie", requirements=(Requirement("sme", Level.VERIFIED),))
    found = {day: len(matcher.match(need, day=day).matches) for day in DAYS}
    assert [day for day, count in found.items() if count] == [DAY, MORROW]
    assert matcher.match(need).matches == ()
    asked = need.requirements
    assert [matcher.count_eligible(asked, day=day).eligible for day in (EVE, DAY, MORROW)] == [0, 1, 1]
    assert [len(matcher.needs_for_offer(1, {5: need}, day=day)) for day in (EVE, DAY, MORROW)] == [0, 1, 1]
    assert matcher.explain_pair(need, 1, day=EVE).outcomes[0].reason_code == "not_yet"
    assert matcher.match(need, day=MORROW + timedelta(days=1)).near_misses[0].failing.reason_code == "expired"


@pytest.mark.parametrize(("asked", "refused"), [(64, False), (65, True)])
def test_a_need_has_at_most_64_criteria(asked: int, refused: bool) -> None:
    table = CriteriaTable([Criterion(f"c{number}") for number in range(asked)])
    requirements = [Requirement(key) for key in table.keys]
    with pytest.raises(MatchingError, match="at most 64") if refused else nullcontext():
        assert table.normalise(requirements) == tuple(requirements)


def test_a_period_has_not_ended_on_its_last_day() -> None:
    assert not has_ended(DAY, DAY)
    assert has_ended(DAY, MORROW)


def test_of_two_statements_of_one_instant_the_later_number_decides() -> None:
    said = [Fact(True, Level.DECLARED, number=2), Fact(False, Level.DECLARED, number=1)]
    for order in (said, said[::-1]):
        found = deciding(order, DAY)
        assert found is not None
        assert found.number == 2


def test_a_period_without_end_changes_nothing_on_the_day_after_the_last_of_all() -> None:
    facts = {"open": Fact(True, Level.DECLARED, first=DAY, last=date.max)}
    timeline = CriteriaTable([Criterion("open")]).timeline(facts)
    assert timeline.days.tolist() == [UNDATED.toordinal(), DAY.toordinal()]


def test_an_unknown_criterion_is_refused_wherever_it_is_named() -> None:
    table, unknown = CriteriaTable([Criterion("open")]), Requirement("absent")
    for ask in (
        lambda: CriteriaTable([Criterion("open", implied_by=("absent",))]),
        lambda: table.column("absent"),
        lambda: table.normalise([unknown]),
        lambda: table.outcome(unknown, {}),
    ):
        with pytest.raises(UnknownCriterion):
            ask()


def test_a_strict_requirement_stays_strict_whichever_is_given_first() -> None:
    table, pair = CriteriaTable([Criterion("open")]), [Requirement("open", strict=True), Requirement("open")]
    for asked in (pair, pair[::-1]):
        assert table.normalise(asked) == (Requirement("open", strict=True),)


def test_implications_reach_over_several_hops_and_end_in_a_circle() -> None:
    table = CriteriaTable(
        [
            Criterion("a", implied_by=("b",)),
            Criterion("b", implied_by=("c",)),
            Criterion("c", implied_by=("a",)),
        ]
    )
    outcome = table.outcome(Requirement("a"), {"c": Fact(True, Level.VERIFIED)}, day=DAY)
    assert (outcome.outcome, outcome.reason_code, outcome.decided_by) == (Outcome.MET, "implied", "c")
    refused = table.outcome(Requirement("a"), {"c": Fact(False, Level.VERIFIED)}, day=DAY)
    assert (refused.outcome, refused.decided_by) == (Outcome.UNKNOWN, None)


@pytest.mark.parametrize(
    ("fact", "outcome", "reason"),
    [
        (Fact(True, Level.DECLARED), Outcome.UNKNOWN, "declared_only"),
        (Fact(True, Level.DECLARED, note="to_confirm"), Outcome.UNKNOWN, "to_confirm"),
        (Fact(False, Level.DECLARED), Outcome.NOT_MET, "declared_false"),
        (Fact(False, Level.VERIFIED), Outcome.NOT_MET, "refuted"),
        (Fact("oui", Level.VERIFIED), Outcome.UNKNOWN, "no_fact"),
    ],
)
def test_reasons_of_a_requirement_to_be_verified(fact: Fact, outcome: Outcome, reason: str) -> None:
    table = CriteriaTable([Criterion("open")])
    found = table.outcome(Requirement("open", Level.VERIFIED), {"open": fact}, day=DAY)
    assert (found.outcome, found.reason_code) == (outcome, reason)


def test_what_each_criterion_costs_is_counted_unknowns_and_mere_declarations_apart() -> None:
    table = CriteriaTable([Criterion("a"), Criterion("b")])
    asked = [Requirement("a", Level.VERIFIED), Requirement("b")]
    codes = np.array([[2, 1], [1, 1], [0, 1], [-1, 1], [1, 0], [2, -1], [2, 0]], np.int8)
    found = count_exclusions(table, codes, failures(table, codes, asked), asked)
    assert (found.eligible, found.excluded) == (1, 6)
    assert found.per_criterion == {"a": 4, "b": 3}
    assert found.unknown == {"a": 3, "b": 2}
    assert found.only_because_of == {"a": 3, "b": 2}
    assert found.counterfactuals == {"a": 3, "b": 2, "a@declared": 1}


def test_a_circle_reached_from_outside_ends_too() -> None:
    circle = {"a": ("b",), "b": ("c",), "c": ("b",)}
    table = CriteriaTable([Criterion(key, implied_by=impliers) for key, impliers in circle.items()])
    found = table.outcome(Requirement("a"), {"c": Fact(True, Level.DECLARED)}, day=DAY)
    assert (found.outcome, found.decided_by) == (Outcome.MET, "c")


def test_a_day_that_changes_no_answer_adds_no_row() -> None:
    renewed = [Fact(True, Level.VERIFIED, last=DAY), Fact(True, Level.VERIFIED, first=MORROW)]
    assert len(TABLE.timeline({"host_fr": renewed}).days) == 1
    gap = [renewed[0], Fact(True, Level.VERIFIED, first=MORROW + timedelta(days=1))]
    assert len(TABLE.timeline({"host_fr": gap}).days) == 3


def test_a_requirement_costs_the_same_wherever_it_stands() -> None:
    table = CriteriaTable([Criterion("a"), Criterion("b")])
    asked = [Requirement("b"), Requirement("a", Level.VERIFIED)]
    codes = np.array([[1, 1], [1, 0]], np.int8)
    found = count_exclusions(table, codes, failures(table, codes, asked), asked)
    assert found.counterfactuals == {"a": 1, "b": 0, "a@declared": 1}
    assert found.eligible == 0


@pytest.mark.parametrize("asked", [16, 17, 64])
def test_many_requirements_are_counted_as_few_are(asked: int) -> None:
    keys = [f"k{number}" for number in range(asked)]
    table, wanted = CriteriaTable([Criterion(key) for key in keys]), [Requirement(key) for key in keys]
    codes = np.ones((4, asked), np.int8)
    codes[1, -1], codes[2, -1], codes[3, 0] = 0, -1, 0
    found = count_exclusions(table, codes, failures(table, codes, wanted), wanted)
    assert found.eligible == 1
    assert {key: count for key, count in found.only_because_of.items() if count} == {"k0": 1, keys[-1]: 2}
