"""JSON files of the command line: read with a clear fault, written whole or not at all, over no input."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from matching.scheduling.model.errors import Fault, ProblemError
from matching.scheduling.model.strict import pairs_hook


def read_json(path: Path) -> object:
    """The content of a JSON file, or of standard input for `-`; raises ProblemError where there is none."""
    try:
        return json.loads(_text(path), object_pairs_hook=pairs_hook, parse_constant=_refuse_constant)
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemError(
            [Fault("unreadable_file", path.name, f"{path}: cannot be read ({error})")]
        ) from error
    except (ValueError, RecursionError) as error:
        raise ProblemError([Fault("bad_json", path.name, f"{path}: is not JSON ({error})")]) from error


def _text(path: Path) -> str:
    content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    return content.decode("utf-8-sig")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def check_writable(path: Path, inputs: Iterable[Path] = ()) -> None:
    """Raise ProblemError where the file could not be written or is an input: before the work, not after."""
    if str(path) == "-":
        return
    if path.is_dir():
        raise _unwritable(path, "it is a folder")
    if not path.parent.is_dir():
        raise _unwritable(path, "its folder does not exist")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise _unwritable(path, "permission denied")
    for source in inputs:
        if path.exists() and source.exists() and path.is_file() and path.samefile(source):
            raise _unwritable(path, "it is an input of this command: give another --out")


def write_json(path: Path, content: object) -> None:
    """Write the file in one step, so that a crash leaves the one before; raises ProblemError."""
    if str(path) == "-":
        sys.stdout.write(json.dumps(content) + "\n")
        return
    special = path.exists() and not path.is_file()  # a pipe or a terminal, which nothing may replace
    draft = path if special else path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(json.dumps(content), encoding="utf-8")
        if not special:
            draft.replace(path)
    except OSError as error:
        raise _unwritable(path, str(error)) from error


def _unwritable(path: Path, reason: str) -> ProblemError:
    return ProblemError([Fault("unwritable_file", path.name, f"{path}: cannot be written ({reason})")])
