"""Verdicts taken out: exact ranks and signals, readable by the evaluation tool, no person named."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from app.accounts.queries import actor_of
from app.commands import verdicts as verdict_command
from app.core.db import db, unit_of_work
from app.core.errors import Forbidden
from app.matchmaking.services import verdicts
from app.matchmaking.services.indexing import reindex_all
from app.matchmaking.services.proposals import propose_offers
from app.matchmaking.services.verdict_export import verdict_figures, verdict_files
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.needs.services import edit_need
from app.offers.enums import OfferKind
from app.permissions import SYSTEM, VISITOR, Role
from matching.evaluation import command
from matching.evaluation.judged import Precision
from tests.clients import IsolatedClient
from tests.factories import make_administration, make_category, make_need, make_offer, make_user
from tests.fakes import HashingEncoder
from tests.query_counts import counted_queries

HEADINGS = {"qrels.tsv": "query_id\tdoc_id\tgrade", "orders.tsv": "query_id\tdoc_id\tsignal\trank"}


@pytest.fixture
def judged(app: Flask) -> str:
    """A need with three judged proposals, one of them mutualised; its query in the export."""
    author = make_user(Role.AMBASSADOR, name="Camille Secrète", email="camille@secret.example")
    need = make_need(author.memberships[0].organisation, title="Messagerie", author_id=author.id)
    shared = make_offer(
        make_administration(),
        kind=OfferKind.MUTUALISED,
        slug="commune",
        name="Commune",
        summary="Budget",
        description="Comptabilité publique.",
        source="Catalogue",
    )
    near = make_offer(
        slug="proche",
        name="Proche",
        summary="Messages",
        description=need.description,
        categories=[make_category()],
    )
    far = make_offer(slug="lointaine", name="Lointaine", summary="Paie", description="Bulletins de paie.")
    make_offer(slug="sans-avis", name="Sans avis", summary="Messagerie des agents")
    with unit_of_work():
        reindex_all()
        run = propose_offers(SYSTEM, need)
        actor = actor_of(author)
        for offer, useful in ((shared, False), (near, True), (far, False)):
            verdicts.give_verdict(actor, need, offer, useful=useful, run_id=run.id)
    return f"besoin-{need.id}-v{need.version}"


def lines(files: dict[str, str], name: str) -> list[list[str]]:
    heading, *rows = files[name].splitlines()
    assert heading == HEADINGS[name]
    return [row.split("\t") for row in rows]


def test_the_set_holds_what_was_judged_and_names_nobody(judged: str) -> None:
    files = verdict_files(SYSTEM)
    grades = [["commune", "0"], ["proche", "1"], ["lointaine", "0"]]
    assert lines(files, "qrels.tsv") == [[judged, *grade] for grade in grades]
    (query,) = (json.loads(line) for line in files["queries.jsonl"].splitlines())
    assert (query["id"], query["short"]) == (judged, "Messagerie")
    docs = {row["id"]: row for row in map(json.loads, files["docs.jsonl"].splitlines())}
    assert set(docs) == {"commune", "proche", "lointaine", "sans-avis"}
    assert docs["proche"]["categories"] == ["Logiciels"]
    everything = "".join(files.values())
    assert "Secrète" not in everything
    assert "camille" not in everything


def test_orders_are_those_of_the_day_by_signal(judged: str) -> None:
    rows = lines(verdict_files(SYSTEM), "orders.tsv")
    orders = {name: [row[1] for row in rows if row[2] == name] for name in {row[2] for row in rows}}
    assert set(orders) >= {"shown", "fusion", "dense", "lexical"}
    assert orders["shown"] == ["commune", "proche", "lointaine"]  # mutualised first, as the circular asks
    for name in ("fusion", "dense", "lexical"):
        assert orders[name][0] == "proche"
    figures = verdict_figures(SYSTEM)
    assert (figures.verdicts, figures.useful, figures.ranked, figures.needs) == (3, 1, 3, 1)
    assert figures.precision["shown"][1] == Precision(0.0, 1)
    assert figures.precision["dense"][1] == Precision(1.0, 1)
    assert figures.precision["dense"][3] == Precision(0.3333, 1)
    assert figures.precision["dense"][5] == Precision(None, 0)
    assert figures.is_too_few


def test_a_need_edited_since_keeps_the_text_that_was_judged(judged: str) -> None:
    need_id = int(judged.split("-")[1])
    need = db.session.get_one(Need, need_id)
    edit_need(SYSTEM, need, title="Tout autre", description="Autre. " * 20)
    (query,) = (json.loads(line) for line in verdict_files(SYSTEM)["queries.jsonl"].splitlines())
    assert (query["id"], query["short"]) == (judged, "Messagerie")


def test_drafts_stay_at_home(app: Flask) -> None:
    draft = make_need(status=NeedStatus.DRAFT, published_at=None)
    verdicts.give_verdict(SYSTEM, draft, make_offer(), useful=True)
    figures = verdict_figures(SYSTEM)
    assert (figures.verdicts, figures.needs) == (0, 0)
    assert draft.title not in "".join(verdict_files(SYSTEM).values())


def test_a_verdict_outside_a_run_counts_without_a_rank(app: Flask) -> None:
    verdicts.give_verdict(SYSTEM, make_need(), make_offer(), useful=True)
    figures = verdict_figures(SYSTEM)
    assert (figures.verdicts, figures.ranked) == (1, 0)
    assert figures.precision["shown"][1] == Precision(None, 0)


def test_the_command_writes_a_set_the_evaluation_reads(
    app: Flask,
    judged: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    db.session.commit()
    monkeypatch.setattr(verdict_command, "create_app", lambda: app)
    monkeypatch.setattr(command, "load_pair", lambda *_names: HashingEncoder())
    folder = tmp_path / "avis"
    result = CliRunner().invoke(verdict_command.export_verdicts, [str(folder)])
    assert (result.exit_code, result.output.split(",")[0]) == (0, "3 avis sur 1 besoins")

    arguments = ["--folder", str(tmp_path), "--orders", str(folder / "orders.tsv"), "--json"]
    assert command.main(arguments) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["documents"], answer["queries"]) == (4, 1)
    assert answer["judged"]["given:shown"]["P@1"] == {"mean": 0.0, "queries": 1}
    assert answer["judged"]["given:dense"]["P@3"] == {"mean": 0.3333, "queries": 1}
    assert answer["judged"]["full"]["P@1"] == {"mean": 1.0, "queries": 1}


def test_the_page_shows_the_table_and_gives_the_same_files(
    app: Flask, client: IsolatedClient, judged: str
) -> None:
    client.sign_in(make_user(Role.MODERATOR))
    page = client.get("/moderation/avis").text
    assert "Trop peu d’avis pour conclure" in page
    assert "Sens du texte seul" in page
    sent = client.get("/moderation/avis.zip")
    with zipfile.ZipFile(io.BytesIO(sent.data)) as archive:
        found = {name.removeprefix("avis/"): archive.read(name).decode() for name in archive.namelist()}
    assert found == verdict_files(SYSTEM)


def test_an_empty_portal_says_what_will_come(client: IsolatedClient, app: Flask) -> None:
    client.sign_in(make_user(Role.MODERATOR))
    assert "Aucun avis pour l’instant" in client.get("/moderation/avis").text
    assert client.get("/moderation/avis.zip").status_code == 200


@pytest.mark.parametrize("path", ["/moderation/avis", "/moderation/avis.zip"])
def test_only_moderators_read_verdicts(app: Flask, client: IsolatedClient, path: str) -> None:
    assert client.get(path).status_code == 302
    client.sign_in(make_user(Role.AMBASSADOR))
    assert client.get(path).status_code == 404
    with pytest.raises(Forbidden):
        verdict_files(VISITOR)


def test_the_page_costs_the_same_with_one_and_four_verdicts(client: IsolatedClient, app: Flask) -> None:
    client.sign_in(make_user(Role.MODERATOR))

    def cost() -> int:
        with counted_queries() as sent:
            assert client.get("/moderation/avis").status_code == 200
        return len(sent)

    verdicts.give_verdict(SYSTEM, make_need(), make_offer(), useful=True)
    first = cost()
    for _number in range(3):
        verdicts.give_verdict(SYSTEM, make_need(), make_offer(), useful=False)
    assert cost() == first
