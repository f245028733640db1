"""Article 31 of the SREN law: each condition counts, and a derogation ends on its day."""

from datetime import date, timedelta
from itertools import product

import pytest

from app.doctrine.engine import Answers, Harm, Result, required_from, result_on

DAY = date(2026, 11, 27)
HARMED = frozenset({Harm.HEALTH_OR_LIFE})


def test_all_three_conditions_are_needed() -> None:
    for cloud, scope, harms in product((True, False), (True, False), (HARMED, frozenset())):
        answers = Answers(cloud, scope, frozenset(harms))
        concerned = cloud and scope and bool(harms)

        assert result_on(answers, DAY) is (Result.REQUIRED if concerned else Result.NOT_CONCERNED)
        assert required_from(answers, DAY) == (DAY if concerned else None)


@pytest.mark.parametrize(
    ("until", "result", "start"),
    [
        (DAY - timedelta(1), Result.REQUIRED, DAY),
        (DAY, Result.DEROGATION, DAY + timedelta(1)),
        (DAY + timedelta(1), Result.DEROGATION, DAY + timedelta(2)),
    ],
)
def test_a_derogation_holds_through_its_last_day(until: date, result: Result, start: date) -> None:
    answers = Answers(True, True, HARMED, until)

    assert (result_on(answers, DAY), required_from(answers, DAY)) == (result, start)
