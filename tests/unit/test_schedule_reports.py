"""What is stored of a run, read whatever wrote it: an older row, a newer one, one that is still empty."""

from app.schedules.reports import (
    Answer,
    Asked,
    Bottleneck,
    Change,
    Comfort,
    Floor,
    Limit,
    MovePolicy,
    RepairAsked,
    RunReport,
    SideFigures,
    Sides,
    Spread,
    Unplaced,
    as_json,
    read_asked,
    read_gains,
    read_progress,
    read_report,
    read_unplaced,
)

WHOLE = RunReport(
    "feasible",
    (Bottleneck("minimums", 5, 3, ("1", "2"), (Limit("tables", ("0",), 3),)),),
    (Comfort("breaks", 4, 1, 0), Comfort("idle_slots", 3, 2)),
    Spread(Sides(250, {"A": SideFigures(2, 0, 1, 2, 1, (1, 0, 1))}), Sides(190), Floor(2, 1)),
    (Change("moved", "1", "2", "its slot is lost", 0, 3, (("4",), ("5", "6")), (None, 2)),),
)


def test_a_report_is_read_as_it_was_kept() -> None:
    assert read_report(as_json(WHOLE)) == WHOLE


def test_an_older_report_takes_defaults_and_a_newer_one_is_read_for_what_is_known() -> None:
    assert read_report({}) == RunReport()
    older = {"status": "optimal", "comfort": [{"code": "breaks", "before": 2, "after": 1}]}
    assert read_report(older).comfort == (Comfort("breaks", 2, 1, None),)
    newer = {"status": "infeasible", "weather": "rain", "changes": [as_json(WHOLE.changes[0]) | {"mood": 1}]}
    assert read_report(newer) == RunReport("infeasible", changes=WHOLE.changes)
    assert read_report(newer).is_infeasible


def test_what_was_asked_is_options_or_a_repair() -> None:
    assert read_asked({}) == Asked()
    assert read_asked({"sme_floor": 2, "polish": False}) == Asked(sme_floor=2, polish=False)
    repair = RepairAsked(3, 1, MovePolicy(2.5, 1))
    assert read_asked({"repair": as_json(repair)}).repair == repair


def test_the_interchange_format_of_the_engine_is_read() -> None:
    told = {
        "meetings": [{"a": "1", "v": "2", "slot": 0}, {"a": "1", "v": "3", "slot": 1, "table": 4}],
        "groups": [{"id": "s", "slot": 0, "vendors": []}],
        "objective": 12,
        "bound": 15.5,
        "gap": 0.2,
        "status": "optimal",
        "unplaced": [{"a": "1", "v": "9", "reason": "outscored", "by": [["2"], ["3", "4"]]}],
        "replay": None,
    }
    answer = Answer.from_json(told)
    assert [(held.slot, held.table) for held in answer.meetings] == [(0, None), (1, 4)]
    assert answer.unplaced == (Unplaced("1", "9", "outscored", (("2",), ("3", "4"))),)
    assert answer.is_optimal
    assert answer.report == RunReport("optimal")
    assert read_unplaced(as_json(answer.unplaced)) == answer.unplaced


def test_a_study_not_done_has_no_gains_and_a_run_not_started_no_figures() -> None:
    assert read_gains(None) is None
    assert read_gains([]) == ()
    assert not read_progress({"phase": "study"}).is_known
    assert not read_progress({"phase": "flow", "objective": 1.0, "bound": 0.0}).is_known
    assert read_progress({"phase": "flow", "objective": 0.0, "bound": 2.0}).is_known
