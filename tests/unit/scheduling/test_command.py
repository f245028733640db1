"""The command line: solve, check, and the exit codes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from matching.scheduling.cli.command import main
from matching.scheduling.generator import generate


@pytest.fixture
def problem_file(tmp_path: Path) -> Path:
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(generate(6, 9, 5, 4, windows="random15", wishes=5, seed=3)))
    return path


def test_solved_problem_passes_check(problem_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = problem_file.with_name("schedule.json")
    assert main(["solve", str(problem_file), "--out", str(out), "--seed", "1"]) == 0
    assert main(["check", str(problem_file), str(out)]) == 0
    assert main(["solve", str(problem_file), "--out", str(out), "--polish", "0.2"]) == 0
    assert main(["check", str(problem_file), str(out)]) == 0
    assert "optimal" in capsys.readouterr().out


def test_same_seed_gives_the_same_schedule(problem_file: Path) -> None:
    outs = [problem_file.with_name(name) for name in ("one.json", "two.json")]
    for out in outs:
        main(["solve", str(problem_file), "--out", str(out), "--seed", "1"])
    assert outs[0].read_text() == outs[1].read_text()


def test_schedule_is_replayed_from_its_file(problem_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = problem_file.with_name("schedule.json")
    main(["solve", str(problem_file), "--out", str(out), "--seed", "4", "--work-limit", "2"])
    assert main(["replay", str(problem_file), str(out)]) == 0
    schedule = json.loads(out.read_text())
    schedule["meetings"].pop()
    out.write_text(json.dumps(schedule))
    assert main(["replay", str(problem_file), str(out)]) == 1
    main(["solve", str(problem_file), "--out", str(out), "--polish", "0.1"])
    assert main(["replay", str(problem_file), str(out)]) == 1
    told = capsys.readouterr().out
    assert [line for line in told.splitlines() if "schedule" in line or "replayed" in line] == [
        "the same schedule",
        "another schedule",
        "cannot be replayed: the clock, a request to stop or an earlier schedule decided",
    ]


def test_violation_exits_1(problem_file: Path) -> None:
    out = problem_file.with_name("schedule.json")
    main(["solve", str(problem_file), "--out", str(out)])
    schedule = json.loads(out.read_text())
    schedule["meetings"].append(schedule["meetings"][0])
    out.write_text(json.dumps(schedule))
    assert main(["check", str(problem_file), str(out)]) == 1


@pytest.mark.parametrize("content", ["", "[1, 2]", '{"slots": 2}', "\x00"])
def test_unreadable_file_exits_2(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content)
    assert main(["solve", str(path), "--out", str(tmp_path / "out.json")]) == 2
    assert main(["check", str(path), str(path)]) == 2
    assert "error [" in capsys.readouterr().err


def test_bottleneck_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [{"id": f"a{n}", "side": "A", "avail": [1], "min": 1} for n in range(2)]
    problem = {
        "slots": 2,
        "tables": 1,
        "participants": [*people, {"id": "v0", "side": "V"}, {"id": "v1", "side": "V"}],
        "candidates": [{"a": f"a{n}", "v": f"v{n}", "w": 1} for n in range(2)],
    }
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(problem))
    assert main(["solve", str(path), "--out", str(tmp_path / "out.json")]) == 0
    line = "bottleneck: a0, a1 together want 2 meetings and can have 1 (the tables of slots 1: 1)\n"
    assert line in capsys.readouterr().out
    assert json.loads((tmp_path / "out.json").read_text())["bottlenecks"] == [
        {
            "code": "minimums",
            "people": ["a0", "a1"],
            "wanted": 2,
            "room": 1,
            "limits": [{"code": "tables", "items": ["1"], "room": 1}],
        }
    ]
    pins = {"pinned": [{"a": f"a{n}", "v": f"v{n}"} for n in range(2)]}
    path.write_text(json.dumps(problem | pins))
    assert main(["solve", str(path), "--out", str(tmp_path / "out.json")]) == 2
    assert "a0/v0, a1/v1 must all be held at slots 1: 2 wanted, 1 tables" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["missing/schedule.json", "."])
def test_a_place_that_cannot_be_written_is_told_before_solving(
    problem_file: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["solve", str(problem_file), "--out", str(problem_file.parent / place)]) == 2
    assert capsys.readouterr().err.startswith("error [unwritable_file]: ")


def test_schedule_is_written_whole_and_alone(problem_file: Path) -> None:
    out = problem_file.with_name("schedule.json")
    out.write_text("an earlier one")
    assert main(["solve", str(problem_file), "--out", str(out)]) == 0
    assert sorted(path.name for path in out.parent.iterdir()) == ["problem.json", "schedule.json"]
    assert main(["solve", str(problem_file), "--out", os.devnull]) == 0
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize(
    "option", [("--time-limit", "nan"), ("--work-limit", "-1"), ("--polish", "x"), ("--seed", "-1")]
)
def test_limits_that_are_no_amounts_are_refused(problem_file: Path, option: tuple[str, str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["solve", str(problem_file), "--out", os.devnull, *option])


def test_schedule_without_meetings_is_no_schedule(
    problem_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(problem_file), str(problem_file)]) == 2
    assert capsys.readouterr().err == "error [missing_field]: schedule: 'meetings' must be a list\n"


def test_interrupted_command_keeps_its_best(tmp_path: Path) -> None:
    """Half of the slots missing in blocks: it would search for minutes."""
    problem, out = tmp_path / "problem.json", tmp_path / "schedule.json"
    problem.write_text(
        json.dumps(generate(120, 150, 16, 50, windows="blocks50", wishes=20, groups=6, seed=3))
    )
    command = [sys.executable, "-m", "matching.scheduling", "solve", str(problem), "--out", str(out)]
    with subprocess.Popen([*command, "--work-limit", "1000"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "objective" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        told = process.stderr.read()
        assert process.wait(30) == 0
    assert told.endswith("stopped on request: the best schedule so far is kept\n")
    assert main(["check", str(problem), str(out)]) == 0
