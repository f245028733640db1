"""From bytes to rows and from cells to values, without a database."""

from datetime import date
from typing import Any

import pytest

from app.core.errors import RuleBroken
from app.moderation.services.imports.cells import Cells
from app.moderation.services.imports.encodings import decode
from app.moderation.services.imports.licences import spdx_of
from app.moderation.services.imports.tables import column_name, read_table


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Données sensibles", "donnees_sensibles"),
        (" Échéance ", "echeance"),
        ("critere_x", "critere_x"),
        ("  ", ""),
    ],
)
def test_column_name_forgets_accents_capitals_and_blanks(header: str, name: str) -> None:
    assert column_name(header) == name


def test_decode_reads_what_office_software_writes() -> None:
    text = "Équipe d’été déjà prévue à l’œuvre : 30 €"

    assert [
        decode(text.encode(name)).text for name in ("utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman")
    ] == [text] * 5


@pytest.mark.parametrize("data", [b"", b"  \n", b"\x00\x01", b"abc\x07", bytes(range(256))])
def test_decode_refuses_what_is_not_text(data: bytes) -> None:
    with pytest.raises(RuleBroken):
        decode(data)


def test_read_table_gives_the_line_where_each_row_begins() -> None:
    data = b'nom;note\nA;"deux\nlignes"\n\n;\nB;\nC\n'

    table = read_table(data, required=["nom", "note"])

    assert table.rows == [
        (2, {"nom": "A", "note": "deux\nlignes"}),
        (6, {"nom": "B", "note": ""}),
        (7, {"nom": "C", "note": ""}),
    ]


def test_read_table_names_the_missing_columns() -> None:
    with pytest.raises(RuleBroken) as refusal:
        read_table(b"nom,ville\n", required=["nom", "siren"])

    assert "Il manque : siren." in refusal.value.fields["file"]


def test_read_table_refuses_a_column_named_twice() -> None:
    with pytest.raises(RuleBroken):
        read_table(b"nom,Nom\n", required=["nom"])


def test_row_longer_than_the_header_is_a_fault_of_that_row() -> None:
    [(_line, values)] = read_table(b"nom,ville\nA,B,C\n", required=["nom"]).rows
    cells = Cells(values)

    with pytest.raises(RuleBroken):
        cells.check()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-27", date(2026, 3, 27)),
        ("27/03/2026", date(2026, 3, 27)),
        ("2026-03", date(2026, 3, 1)),
        ("27-03-2026", date(2026, 3, 27)),
        ("27.03.2026", date(2026, 3, 27)),
        ("2026-03-27 00:00:00", date(2026, 3, 27)),
        ("2026-03-27T23:59:59.000Z", date(2026, 3, 27)),
        ("1er août 2026", date(2026, 8, 1)),
        ("46108", date(2026, 3, 27)),
        ("", None),
    ],
)
def test_day_is_read_as_people_write_it(text: str, day: date | None) -> None:
    assert Cells({"d": text}).day("d") == day


@pytest.mark.parametrize(
    ("read", "text"),
    [
        ("day", "30/02/2026"),
        ("day", "demain"),
        ("whole", "0"),
        ("whole", "9" * 30),
        ("whole", "-1"),
        ("yes_no", "si"),
    ],
)
def test_unreadable_cell_is_told_under_its_column(read: str, text: str) -> None:
    cells: Any = Cells({"c": text})

    assert getattr(cells, read)("c") is None
    with pytest.raises(RuleBroken) as refusal:
        cells.check()
    assert list(refusal.value.fields) == ["c"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[(text, True) for text in ("Oui", "o", "VRAI", "x", "X", "true", "1")],
        *[(text, False) for text in ("NON", "n", "FAUX", "false", "0")],
        ("", None),
    ],
)
def test_yes_no_takes_any_case(text: str, value: bool | None) -> None:
    assert Cells({"c": text}).yes_no("c") is value


def test_many_keeps_each_value_once() -> None:
    assert Cells({"c": "a b, a;c|d"}).many("c") == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("written", "expression"),
    [
        ("GPL V2.0", "GPL-2.0-only"),
        ("LGPL-v2.1", "LGPL-2.1-only"),
        ("MPL 2.0 et EPL 1.0", "MPL-2.0 AND EPL-1.0"),
        ("GPL-2.0, LGPL-3.0", "GPL-2.0-only OR LGPL-3.0-only"),
        ("GPLv3", "GPL-3.0-only"),
        ("GNU AGPLv3", "AGPL-3.0-only"),
        ("CeCILL", "CECILL-2.1"),
        ("EUPL-1.2-or-later", "EUPL-1.2"),
        ("apache-2.0", "Apache-2.0"),
        ("GNU", None),
        ("N/A", None),
        ("", None),
    ],
)
def test_spdx_of_reads_licences_as_lists_write_them(written: str, expression: str | None) -> None:
    assert spdx_of(written) == expression
