"""Precision over judged documents: by hand, from files, and by the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matching.evaluation import command
from matching.evaluation.judged import Precision, judged_table, precision_at, read_orders
from matching.evaluation.sets import UnreadableSet, read_set
from matching.evaluation.systems import SetRunner
from matching.evaluation.vectors import VectorCache
from tests.fakes import HashingEncoder

QRELS = "query_id\tdoc_id\tgrade\nq1\tchat\t1\nq1\tmail\t0\nq2\tvideo\t1\nq3\tmail\t0\n"
ORDERS = "query_id\tdoc_id\tsignal\trank\nq1\tmail\tshown\t1\nq1\tchat\tshown\t2\nq2\tvideo\tshown\t1\n"


def write_set(folder: Path, qrels: str = QRELS) -> tuple[Path, Path, Path]:
    docs = [
        {"id": "chat", "title": "Discussion", "text": "Messagerie instantanée"},
        {"id": "mail", "title": "Courriel", "text": "Messagerie électronique"},
        {"id": "video", "title": "Visio", "text": "Réunions à distance"},
    ]
    queries = [
        {"id": "q1", "text": "messagerie instantanée"},
        {"id": "q2", "text": "réunions à distance"},
        {"id": "q3", "text": "courriel électronique"},
    ]
    names = (folder / "docs.jsonl", folder / "queries.jsonl", folder / "qrels.tsv")
    for path, rows in zip(names, (docs, queries), strict=False):
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    names[2].write_text(qrels, encoding="utf-8")
    return names


@pytest.mark.parametrize(
    ("k", "expected"), [(1, 1.0), (2, 0.5), (3, pytest.approx(2 / 3)), (4, None), (10, None)]
)
def test_precision_skips_what_nobody_judged(k: int, expected: float | None) -> None:
    ranked = ["unseen", "good", "other", "bad", "fine"]
    assert precision_at(ranked, {"good": True, "bad": False, "fine": True, "absent": True}, k) == expected


def test_the_mean_leaves_out_queries_with_too_few_verdicts_and_counts_the_rest() -> None:
    judgements = {"q1": {"a": True, "b": True, "c": False}, "q2": {"a": False}}
    orders = {"shown": {"q1": ["c", "a", "b"], "q2": ["a"], "q3": ["a"]}}
    table = judged_table(orders, judgements)["shown"]
    assert table[1] == Precision(0.0, 2)
    assert table[3] == Precision(0.6667, 1)
    assert table[5] == Precision(None, 0)


def test_judged_queries_without_any_good_answer_count_only_when_asked_for(tmp_path: Path) -> None:
    names = write_set(tmp_path)
    assert read_set(*names).query_ids == ("q1", "q2")
    asked = read_set(*names, judged=True)
    assert asked.query_ids == ("q1", "q2", "q3")
    assert asked.grades["q1"] == {"chat": 1}
    assert asked.judgements["q1"] == {"chat": True, "mail": False}


def test_systems_are_ranked_again_over_judged_documents(tmp_path: Path) -> None:
    encoder, asked = HashingEncoder(), read_set(*write_set(tmp_path), judged=True)
    orders = SetRunner(encoder, asked, VectorCache(encoder, None)).orders()
    assert set(orders) == {"full", "product", "bm25", "dense"}
    assert sorted(orders["full"]["q1"]) == ["chat", "mail", "video"]
    table = judged_table(orders, asked.judgements)
    assert table["bm25"][1] == Precision(0.6667, 3)  # q3: its only judged document is a bad one


def test_orders_are_read_by_signal_and_a_bad_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "orders.tsv"
    path.write_text(ORDERS, encoding="utf-8")
    assert read_orders(path) == {"shown": {"q1": ["mail", "chat"], "q2": ["video"]}}
    path.write_text(ORDERS + "q1\tchat\tshown\n", encoding="utf-8")
    with pytest.raises(UnreadableSet, match=r"orders\.tsv"):
        read_orders(path)


def test_a_set_without_any_good_answer_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSet, match="no query has a relevant document"):
        read_set(*write_set(tmp_path, "query_id\tdoc_id\tgrade\nq1\tmail\t0\n"))


def test_command_adds_the_table_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "load_pair", lambda *_names: HashingEncoder())
    docs, queries, qrels = (str(path) for path in write_set(tmp_path))
    (tmp_path / "orders.tsv").write_text(ORDERS, encoding="utf-8")
    plain = ["--docs", docs, "--queries", queries, "--qrels", qrels]
    orders = ["--orders", str(tmp_path / "orders.tsv"), "--report", str(tmp_path / "report.md")]

    assert command.main([*plain, "--json"]) == 0
    assert "judged" not in json.loads(capsys.readouterr().out)
    assert command.main([*plain, *orders, "--json"]) == 0
    judged = json.loads(capsys.readouterr().out)["judged"]
    assert set(judged) == {"full", "product", "bm25", "dense", "given:shown"}
    assert judged["given:shown"]["P@1"] == {"mean": 0.5, "queries": 2}
    assert command.main([*plain, "--judged"]) == 0
    assert "too few to tell" in capsys.readouterr().out
    assert "| given:shown | 0.5000? (n=2) |" in (tmp_path / "report.md").read_text(encoding="utf-8")
