"""The command line: solve, check, and the exit codes."""

import json
import os
import signal
import subprocess
import sys
import time
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


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def test_every_command_works_on_what_the_others_write(
    problem_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = problem_file.parent
    out, mended, left, events = (folder / f"{name}.json" for name in ("out", "mended", "left", "events"))
    events.write_text('[{"kind": "absence", "id": "a0", "start": 1}, {"kind": "lost_tables", "count": 1}]')
    assert run("solve", problem_file, "--out", out, "--json") == 0
    assert json.loads(capsys.readouterr().out)["status"] == "optimal"
    for command in ("repair", "fill"):
        options = ("--events", events, "--started", 1, "--out", mended, "--problem-out", left, "--json")
        assert run(command, problem_file, out, *options) == 0
        report = json.loads(capsys.readouterr().out)
        assert report["lost"] == []
        assert all("a0" in (row["a"], row["v"]) or row["reason"] for row in report["dropped"])
        assert run("check", left, mended, "--json") == 0
        assert json.loads(capsys.readouterr().out)["valid"] is True
    assert run("explain", left, mended, "--of", "a0", "--json") == 0
    assert all(row["a"] == "a0" for row in json.loads(capsys.readouterr().out)["unplaced"])
    assert run("relax", left, mended) == 0
    assert "bound" in capsys.readouterr().out
    assert run("fairness", problem_file, "--out", out, "--problem-out", left, "--most", 3) == 0
    assert "floor " in capsys.readouterr().out
    assert run("check", left, out) == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('[{"kind": "absence", "id": "a0", "til": 2}]', "unknown_field"),
        ('[{"kind": "absence", "id": "nobody"}]', "unknown_id"),
        ('[{"kind": "flood"}]', "bad_event"),
        ("{}", "bad_list"),
    ],
)
def test_events_that_make_no_sense_exit_2(
    problem_file: Path, content: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = problem_file.with_name("out.json")
    events = problem_file.with_name("events.json")
    events.write_text(content)
    assert run("solve", problem_file, "--out", out) == 0
    capsys.readouterr()
    assert run("fill", problem_file, out, "--events", events, "--out", os.devnull) == 2
    assert capsys.readouterr().err.startswith(f"error [{code}]: ")


def test_no_output_over_an_input(problem_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = problem_file.read_text()
    link = problem_file.with_name("link.json")
    link.symlink_to(problem_file)
    for out in (problem_file, link):
        assert run("solve", problem_file, "--out", out) == 2
        assert "it is an input of this command" in capsys.readouterr().err
    assert problem_file.read_text() == before


def test_standard_input_and_output(problem_file: Path) -> None:
    command = [sys.executable, "-m", "matching.scheduling"]
    solved = subprocess.run(
        [*command, "solve", "-", "--out", "-"],
        input=problem_file.read_text(),
        capture_output=True,
        text=True,
        check=True,
    )
    out = problem_file.with_name("out.json")
    out.write_text(solved.stdout)
    assert run("check", problem_file, out) == 0
    assert "optimal: " in solved.stderr


def test_totals_keep_all_their_digits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = [{"id": "a", "side": "A"}, {"id": "v", "side": "V"}]
    for weight, told in ((123456789, "123456789"), (1234567.125, "1234567.125"), (0.000001, "0.000001")):
        problem = {"slots": 1, "tables": 1, "participants": people}
        problem["candidates"] = [{"a": "a", "v": "v", "w": weight}]
        path = tmp_path / "problem.json"
        path.write_text(json.dumps(problem))
        assert run("solve", path, "--out", tmp_path / "out.json") == 0
        assert f"objective {told}, bound {told}, proved optimal" in capsys.readouterr().out


def test_schemas_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("problem", "schedule", "events"):
        assert run("schema", name) == 0
        assert json.loads(capsys.readouterr().out)["$schema"].startswith("https://json-schema.org/")


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (("--time-limit", "soon"), "'soon' is not a number from 0 to "),
        (("--seed", "1.5"), "'1.5' is not a whole number from 0 to "),
    ],
)
def test_option_errors_are_in_words(
    problem_file: Path, option: tuple[str, str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        run("solve", problem_file, "--out", os.devnull, *option)
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("seconds", [0.1, 0.3, 0.6, 1.0, 1.5, 2.5])
def test_interrupted_at_any_moment_it_ends_within_a_second(tmp_path: Path, seconds: float) -> None:
    problem, out = tmp_path / "problem.json", tmp_path / "schedule.json"
    data = generate(120, 150, 16, 50, windows="blocks50", wishes=20, groups=6, seed=3)
    problem.write_text(json.dumps(data))
    command = [sys.executable, "-m", "matching.scheduling", "solve", str(problem), "--out", str(out)]
    with subprocess.Popen([*command, "--work-limit", "1000"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        asked = time.perf_counter()
        told = process.stderr.read()
        code = process.wait(30)
        assert time.perf_counter() - asked < 3  # one second on an idle machine
    assert "Traceback" not in told or "matching/scheduling" not in told  # Python's own start is not ours
    if out.exists():
        assert code == 0
        assert main(["check", str(problem), str(out)]) == 0
    else:
        assert code != 0
