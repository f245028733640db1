"""JSON files of the command line: read with a clear fault, written whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

from matching.scheduling.model.errors import Fault, ProblemError


def read_json(path: Path) -> object:
    """The content of a JSON file; raises ProblemError where there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemError(
            [Fault("unreadable_file", path.name, f"{path}: cannot be read ({error})")]
        ) from error
    except (ValueError, RecursionError) as error:
        raise ProblemError([Fault("bad_json", path.name, f"{path}: is not JSON ({error})")]) from error


def check_writable(path: Path) -> None:
    """Raise ProblemError where the file could not be written: before the work, not after."""
    if path.is_dir():
        raise _unwritable(path, "it is a folder")
    if not path.parent.is_dir():
        raise _unwritable(path, "its folder does not exist")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise _unwritable(path, "permission denied")


def write_json(path: Path, content: object) -> None:
    """Write the file in one step, so that a crash leaves the one before; raises ProblemError."""
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
