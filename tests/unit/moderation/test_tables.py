"""Tables as people really send them: what is repaired is said, what is no table is refused."""

import io
import zipfile

import openpyxl
import pytest

from app.core.errors import RuleBroken
from app.moderation.services.imports import spreadsheets
from app.moderation.services.imports.tables import read_table

REQUIRED = ["reference", "nom", "resume"]


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_excel_hint_gives_the_separator_and_keeps_the_lines() -> None:
    table = read_table(b"sep=|\nreference|nom|resume\nA|B;C|D\n", required=REQUIRED)

    assert table.rows == [(3, {"reference": "A", "nom": "B;C", "resume": "D"})]


def test_titles_above_the_header_and_the_total_below_are_set_aside_and_said() -> None:
    data = "Catalogue 2026\n;;\nréférence;nom;résumé\nA;B;C\nTotal : 1;;\n"

    table = read_table(data.encode(), required=REQUIRED)

    assert table.rows == [(4, {"reference": "A", "nom": "B", "resume": "C"})]
    assert table.notes == [
        "1 ligne de titre au-dessus de l’en-tête laissée de côté.",
        "1 ligne de total laissée de côté.",
    ]


def test_an_offer_whose_name_begins_like_a_total_is_kept() -> None:
    table = read_table(b"reference;nom;resume\nTotal-1;Totalis;Suivi\n", required=REQUIRED)

    assert [values["nom"] for _line, values in table.rows] == ["Totalis"]


def test_a_guessed_encoding_is_said() -> None:
    data = "reference;nom;resume\nA;Équipe d’été;Déjà prévue à l’œuvre\n".encode("mac_roman")

    table = read_table(data, required=REQUIRED)

    assert (table.rows[0][1]["nom"], table.notes) == ("Équipe d’été", ["Fichier lu en Mac OS Roman."])


def test_workbook_cells_are_read_as_typed() -> None:
    from datetime import datetime

    data = workbook(
        ["référence", "nom", "résumé", "délai", "le", "libre"],
        ["007", "B", "C", 30.0, datetime(2026, 3, 27), True],  # noqa: DTZ001 - a cell has no zone
    )

    [(line, values)] = read_table(data, required=REQUIRED).rows

    assert line == 2
    assert list(values.values()) == ["007", "B", "C", "30", "2026-03-27", "VRAI"]


def test_a_header_below_the_first_rows_is_not_looked_for_without_end() -> None:
    data = "x\n" * 20 + "reference;nom;resume\nA;B;C\n"

    with pytest.raises(RuleBroken):
        read_table(data.encode(), required=REQUIRED)


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 100])
def test_a_broken_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(RuleBroken) as refusal:
        read_table(data, required=REQUIRED)

    assert "classeur" in refusal.value.fields["file"]


def test_a_zip_that_holds_no_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../lettre.txt", "bonjour")

    with pytest.raises(RuleBroken):
        read_table(file.getvalue(), required=REQUIRED)


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = workbook(["reference", "nom", "resume"], ["A", "B", "C"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(item.file_size for item in archive.infolist())

    monkeypatch.setattr(spreadsheets, "UNPACKED_AT_MOST", size)
    assert len(read_table(data, required=REQUIRED).rows) == 1
    monkeypatch.setattr(spreadsheets, "UNPACKED_AT_MOST", size - 1)
    with pytest.raises(RuleBroken):
        read_table(data, required=REQUIRED)
