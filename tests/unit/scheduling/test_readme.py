"""The worked day of the README, run as it stands there."""

import re
from pathlib import Path

import pytest

import matching.scheduling
from matching.scheduling.cli.command import main

README = Path(matching.scheduling.__file__).with_name("README.md").read_text(encoding="utf-8")
COMFORT = re.compile("breaks|table moves|idle slots")  # told too; a README needs not


def test_worked_day_answers_as_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    commands = 0
    for kind, name, body in re.findall(r"```(json|console) ?(\S*)\n(.*?)```", README, re.DOTALL):
        if kind == "json":
            Path(name).write_text(body)
            continue
        for told in re.findall(r"\$ (.*?)(?=\$ |\Z)", body, re.DOTALL):
            command, _, expected = told.partition("\n")
            assert main(command.split()) == 0
            shown = [
                line
                for line in capsys.readouterr().out.splitlines()
                if not re.match("breaks|table moves|idle", line)
            ]
            assert shown == expected.splitlines()
            commands += 1
    assert commands == 9
