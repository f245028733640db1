"""No file made for a spreadsheet makes it calculate what somebody typed."""

import ast
import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import app as package
from app.core.sheets import harmless, table_text
from app.matchmaking.models import Verdict
from app.permissions import Role
from app.reference.enums import AttributeType
from tests.clients import IsolatedClient
from tests.factories import make_attribute, make_criterion, make_need, make_offer, make_user, saved

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
SHEETS = (".csv", ".tsv", ".xlsx", ".ods", ".zip")
# Every route that answers a spreadsheet, with addresses; a new one fails until it stands here.
EXPORTS = {
    "moderation.sample": [
        "/moderation/referentiels/modeles/offers.csv",
        "/moderation/referentiels/modeles/needs.csv",
    ],
    "moderation.verdicts_zip": ["/moderation/avis.zip"],
}
WRITERS = {"writer", "DictWriter", "Workbook", "OpenDocumentSpreadsheet", "to_csv", "to_excel"}


def tables(name: str, content: bytes) -> Iterator[list[list[str]]]:
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from tables(member, archive.read(member))
    elif name.endswith(".csv"):
        yield list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    elif name.endswith(".tsv"):
        yield list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter="\t"))
    else:
        assert not name.endswith(SHEETS), f"{name}: this test cannot read it yet"


def test_every_export_is_walked(app: Flask) -> None:
    found = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.endswith(SHEETS)}
    assert found == set(EXPORTS)


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_of_an_export_starts_a_formula(client: IsolatedClient, start: str) -> None:
    typed = f"{start}HYPERLINK(1)"
    choices = make_attribute(
        "choix", type=AttributeType.CHOICE, options=[typed, "autre"], label_fr=typed, label_en=typed
    )
    make_criterion("choix", attribute=choices, label_fr=typed, label_en=typed, operand=typed)
    offer, need = make_offer(slug=typed, name=typed), make_need(title=typed)
    saved(Verdict(need_id=need.id, offer_id=offer.id, offer_version=1, useful=True, need_text=typed))
    client.sign_in(make_user(Role.MODERATOR))
    cells = []
    for address in (one for several in EXPORTS.values() for one in several):
        answer = client.get(address)
        assert answer.status_code == 200
        cells += [cell for rows in tables(address, answer.data) for row in rows for cell in row]
    told = f"'{typed}".replace("\r", "\n")
    assert cells.count(told) == 2  # the choice in the model, the offer in the verdicts
    assert [cell for cell in cells if cell.startswith(STARTS)] == []


def test_numbers_stay_numbers_and_separators_stay_in_their_cell() -> None:
    assert [harmless(cell) for cell in (-5, -0.5, "a-b", "", "-5")] == [-5, -0.5, "a-b", "", "'-5"]
    assert table_text([["a;=b", -1]], separator=";") == '"a;=b";-1\r\n'


def test_one_place_writes_tables() -> None:
    """A comma-joined line or a workbook written elsewhere would go round the rule."""
    root = Path(str(package.__file__)).parent
    elsewhere = []
    for file in root.rglob("*.py"):
        if "node_modules" in file.parts or file.name == "sheets.py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in WRITERS:
                elsewhere.append(f"{file.relative_to(root)}:{node.lineno}")
            if isinstance(node, ast.Call) and _joins_cells(node.func):
                elsewhere.append(f"{file.relative_to(root)}:{node.lineno}")
    assert elsewhere == []


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _joins_cells(called: ast.expr) -> bool:
    if not isinstance(called, ast.Attribute) or not isinstance(called.value, ast.Constant):
        return False
    return called.attr == "join" and called.value.value in {"\t", ";"}
