"""The evaluation tool: metrics by hand, sets on disk, command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matching.evaluation.command import main
from matching.evaluation.compare import compare
from matching.evaluation.metrics import average, measure
from matching.evaluation.sets import UnreadableSet, read_set
from matching.evaluation.systems import SetRunner
from matching.evaluation.vectors import VectorCache
from matching.retrieval.need_means import written_registers
from tests.fakes import HashingEncoder


def write_set(folder: Path) -> tuple[Path, Path, Path]:
    docs: list[dict[str, object]] = [
        {"id": "chat", "title": "Discussion", "text": "Messagerie instantanée", "themes": ["Échanges"]},
        {"id": "mail", "title": "Courriel", "text": "Messagerie électronique", "themes": ["Échanges"]},
        {"id": "video", "title": "Visio", "text": "Réunions à distance", "themes": []},
    ]
    queries: list[dict[str, object]] = [
        {"id": "q1", "text": "messagerie instantanée", "short": "instantanée"},
        {"id": "q2", "text": "réunions à distance"},
        {"id": "q3", "text": "sans réponse connue"},
    ]
    names = (folder / "docs.jsonl", folder / "queries.jsonl", folder / "qrels.tsv")
    for path, rows in zip(names, (docs, queries), strict=False):
        path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    names[2].write_text("query_id\tdoc_id\tgrade\nq1\tchat\t2\nq1\tmail\t1\nq2\tvideo\t1\n", encoding="utf-8")
    return names


def test_measure_follows_the_definitions() -> None:
    values = measure(["x", "b", "a"], {"a": 2, "b": 1})
    assert values["MRR@10"] == pytest.approx(1 / 3)
    assert values["recall@20"] == 1.0
    assert (values["hit@1"], values["hit@5"]) == (0.0, 1.0)
    assert values["nDCG@10"] == pytest.approx((1 / 1.584962500721156 + 3 / 2) / (3 + 1 / 1.584962500721156))


def test_measure_finds_nothing_in_an_empty_list() -> None:
    assert set(measure([], {"a": 1}).values()) == {0.0}


def test_read_set_keeps_the_queries_that_have_an_answer(tmp_path: Path) -> None:
    asked = read_set(*write_set(tmp_path), field="short", categories=["themes"])
    assert asked.query_ids == ("q1", "q2")
    assert [need.text for need in asked.needs] == ["instantanée", "réunions à distance"]
    assert asked.offers[0].categories == ("Échanges",)


DOC = '{"id": "chat", "text": "Messagerie"}'


@pytest.mark.parametrize(
    ("place", "content", "message"),
    [
        (0, f"{DOC}\n{DOC}", r"docs\.jsonl, line 2: a second row of id 'chat'"),
        (0, '{"id": null, "text": "x"}', r"docs\.jsonl, line 1: id and text"),
        (0, "[" * 100_000, r"docs\.jsonl, line 1: maximum recursion"),
        (
            1,
            '{"id": "q1", "text": "…"}\n{"id": "q2", "text": "…"}',
            r"queries\.jsonl: query 'q1' holds nothing",
        ),
        (2, "query_id\tdoc_id\tgrade\nq1\tchat", r"qrels\.tsv, line 2: not enough values"),
        (2, "query_id\tdoc_id\tgrade\nq1\tchat\t9999", r"qrels\.tsv, line 2: a grade is at most 100"),
        (
            2,
            "query_id\tdoc_id\tgrade\nq1\tchat\t-1",
            r"qrels\.tsv, line 2: a grade is at most 100, at least 0",
        ),
        (2, "q1\tchat\t1\nq2\tvideo\t1", r"qrels\.tsv: the first line is a heading"),
        (2, "", r"qrels\.tsv: the first line is a heading"),
        (
            2,
            "query_id\tdoc_id\tgrade\nq1\tchat\t1\nq1\tchat\t2",
            r"line 3: a second grade of 'chat' for 'q1'",
        ),
        (2, "query_id\tdoc_id\tgrade\nq1\tnobody\t1", r"1 unknown, the first is document 'nobody'"),
        (2, "query_id\tdoc_id\tgrade\nnobody\tchat\t1", r"1 unknown, the first is query 'nobody'"),
    ],
)
def test_read_set_names_what_it_cannot_read(tmp_path: Path, place: int, content: str, message: str) -> None:
    names = write_set(tmp_path)
    names[place].write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableSet, match=message):
        read_set(*names)


def test_read_set_splits_lines_at_newlines_alone(tmp_path: Path) -> None:
    names = write_set(tmp_path)
    names[0].write_text(f"\ufeff{DOC}\n".replace("Messagerie", "Une\u2028Messagerie"), encoding="utf-8")
    names[2].write_text("query_id\tdoc_id\tgrade\nq1\tchat\t1\n", encoding="utf-8")
    assert [offer.description for offer in read_set(*names).offers] == ["Une\u2028Messagerie"]


def test_vectors_cut_short_by_a_crash_are_made_again(tmp_path: Path) -> None:
    kept = VectorCache(HashingEncoder(), tmp_path).queries(["messagerie"])
    [file] = tmp_path.glob("*/*.npz")
    for content in (b"", file.read_bytes()[:50]):
        file.write_bytes(content)
        assert (VectorCache(HashingEncoder(), tmp_path).queries(["messagerie"]) == kept).all()
    with pytest.raises(UnreadableSet, match="cannot be kept there"):
        VectorCache(HashingEncoder(), file)


@pytest.mark.parametrize("options", [["--field", "shrot"], ["--categories", "thmes"]])
def test_a_field_that_no_row_has_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    docs, queries, qrels = (str(path) for path in write_set(tmp_path))
    assert main(["--docs", docs, "--queries", queries, "--qrels", qrels, *options]) == 2
    assert options[1] in capsys.readouterr().err


def test_read_set_names_the_bad_line(tmp_path: Path) -> None:
    names = write_set(tmp_path)
    names[0].write_text('{"id": 1}', encoding="utf-8")
    with pytest.raises(UnreadableSet, match=r"docs\.jsonl, line 1"):
        read_set(*names)


def test_second_run_encodes_nothing(tmp_path: Path) -> None:
    asked, encoder = read_set(*write_set(tmp_path)), HashingEncoder()
    first = SetRunner(encoder, asked, VectorCache(encoder, tmp_path / "kept")).run().summary()
    spent = encoder.encoded
    second = SetRunner(encoder, asked, VectorCache(encoder, tmp_path / "kept")).run().summary()
    registers = sum(len(texts) for texts in written_registers().values())
    assert (encoder.encoded, second) == (spent + registers, first)
    assert first["full"]["MRR@10"] == 1.0


def test_compare_tells_noise_from_difference() -> None:
    low, high = [measure([], {"a": 1})] * 30, [measure(["a"], {"a": 1})] * 30
    assert not compare(high, low)["MRR@10"].is_noise
    assert compare(high, high)["MRR@10"].is_noise
    assert average(high)["hit@1"] == 1.0


def test_command_without_set_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--docs", "missing.jsonl"]) == 2
    assert "UnreadableSet" in capsys.readouterr().err


@pytest.mark.slow
def test_command_prints_json_with_the_bundled_encoder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docs, queries, qrels = (str(path) for path in write_set(tmp_path))
    report = tmp_path / "report.md"
    arguments = ["--docs", docs, "--queries", queries, "--qrels", qrels, "--json", "--report", str(report)]
    assert main(arguments) == 0
    results = json.loads(capsys.readouterr().out)["results"]
    assert set(results) == {"full", "product", "bm25", "dense", "second"}
    assert results["full"]["hit@1"] == 1.0
    assert "| need | full | bm25 | begins |" in report.read_text(encoding="utf-8")
