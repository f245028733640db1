"""Random disruptions: every repair stands, and is as good as an independent model's."""

import sys

import pytest

from matching.scheduling.repair import Repair, repair
from matching.scheduling.verify.check import check
from tests.unit.scheduling.disruptions import Disruption, best_fill, best_move, disruption


def both_repairs(case: Disruption) -> tuple[Repair, Repair]:
    """Moving nobody, and at a price; both stand and leave the past alone."""
    fill = repair(case.problem, case.published, case.events, started=case.started)
    moved = repair(
        case.problem,
        case.published,
        case.events,
        started=case.started,
        allow_moves=True,
        price=case.price,
        cap=case.cap,
        time_limit_s=60,
    )
    past = {m for m in case.published.meetings if m.slot < case.started}
    for answer in (fill, moved):
        codes = {fault.code for fault in check(answer.problem, answer.schedule)}
        excused = {"pin_missing", "group_missing"} if answer.schedule.status == "infeasible" else set()
        assert codes <= excused
        assert {m for m in answer.schedule.meetings if m.slot < case.started} == past
        assert [g for g in answer.schedule.groups if g.slot < case.started] == [
            g for g in case.published.groups if g.slot < case.started
        ]
    return fill, moved


def assert_optimal(case: Disruption) -> bool:
    """Whether the repairs hold every commitment and are as good as the independent model's."""
    fill, moved = both_repairs(case)
    best = best_fill(fill.problem, case.published)
    assert (best is None) == (fill.schedule.status == "infeasible")
    if best is None:
        return False
    assert fill.schedule.objective == pytest.approx(best)
    assert fill.schedule.bound == pytest.approx(best)
    net = best_move(moved.problem, case.published, fill.schedule, case.price, case.cap)
    assert moved.schedule.objective - moved.paid == pytest.approx(net)
    assert moved.schedule.bound - moved.paid == pytest.approx(net)
    return True


@pytest.mark.parametrize("seed", [*range(60), *range(2_000, 2_040)])
def test_repair_is_as_good_as_an_independent_model(seed: int) -> None:
    assert_optimal(disruption(seed))


@pytest.mark.parametrize("seed", range(100, 160))
def test_layers_for_large_days_claim_nothing_false(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["matching.scheduling.repair.repair"], "SMALL", -1)
    case = disruption(seed)
    fill, moved = both_repairs(case)
    best = best_fill(fill.problem, case.published)
    if best is None or fill.schedule.status == "infeasible":
        return
    assert fill.schedule.objective <= best + 1e-6
    net = best_move(moved.problem, case.published, fill.schedule, case.price, case.cap)
    assert net is not None
    assert moved.schedule.objective - moved.paid <= net + 1e-6
    assert moved.schedule.bound - moved.paid >= net - 1e-6
