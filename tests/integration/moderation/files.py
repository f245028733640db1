"""Small files of each kind for the import tests, and where the shared real ones lie."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("TRAITDUNION_SHARED_DATA") or Path(__file__).parents[4] / "shared" / "data")

DESCRIPTION = (
    "Les agents échangent des messages et des fichiers entre services, au bureau comme en déplacement."
)


def shared_file(*parts: str) -> Path:
    """A real file of the shared folder; skips the test where the folder is not there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared data not on this machine: {'/'.join(parts)}")
    return path


def csv_of(header: Sequence[str], *rows: Sequence[str], separator: str = ",") -> str:
    return "\n".join(separator.join(cells) for cells in (header, *rows)) + "\n"


def sill_of(*items: Mapping[str, object]) -> bytes:
    return json.dumps(items).encode()


def software(identifier: str = "1", **values: object) -> dict[str, object]:
    base: dict[str, object] = {"id": identifier, "i": "Élément", "f": "Client de messagerie", "l": "AGPL-3.0"}
    return {
        **base,
        "fr-desc": "Messagerie instantanée",
        "en-desc": "Instant messaging",
        "y": "2021 ; 2022",
        **values,
    }
