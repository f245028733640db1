"""Versions in the database: never changed, numbered without a hole, one winner of two publications."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.content.queries import find_version, get_version, versions_of
from app.core.db import db, unit_of_work
from app.core.errors import Conflict, InvalidTransition, NotFound
from app.needs import services
from app.needs.enums import NeedStatus
from app.needs.models import Need, NeedVersion
from app.needs.queries import get_need
from app.needs.spec import NEED
from app.permissions import SYSTEM
from tests.factories import make_need


@pytest.mark.parametrize(
    "change",
    [
        sa.update(NeedVersion).values(note="réécrit"),
        sa.update(NeedVersion).values(content={}),
        sa.delete(NeedVersion),
        sa.text("UPDATE need_version SET number = 7"),
        sa.text("DELETE FROM need_version"),
    ],
)
def test_the_database_refuses_to_change_a_version(app: Flask, change: Any) -> None:
    need = make_need()
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(change)
    db.session.rollback()
    assert get_version(NEED, need, 1).content == NEED.content_of(need)


def test_a_need_with_versions_cannot_be_deleted(app: Flask) -> None:
    need = make_need()
    db.session.delete(need)
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()


def test_what_is_published_has_a_version(app: Flask) -> None:
    need = make_need()
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.update(Need).where(Need.id == need.id).values(version=0))


def test_numbers_follow_each_other_and_only_those_exist(app: Flask) -> None:
    need = make_need()
    for title in ("Deux", "Trois"):
        services.save_need(SYSTEM, need, NEED.content_of(need) | {"title": title})
        services.publish_need(SYSTEM, need)
    assert [row.number for row in versions_of(NEED, need)] == [3, 2, 1]
    assert [row.number for row in versions_of(NEED, need, before=3, limit=1)] == [2]
    assert [find_version(NEED, need, number) is not None for number in (0, 1, 3, 4)] == [
        False,
        True,
        True,
        False,
    ]
    with pytest.raises(NotFound):
        get_version(NEED, need, 4)


def test_of_two_who_publish_at_once_one_wins(app: Flask) -> None:
    """Both read the same draft, then publish what they read."""
    need_id = make_need(status=NeedStatus.DRAFT, published_at=None).id
    db.session.commit()
    ready, outcomes = threading.Barrier(2), []

    def publish(title: str) -> None:
        with app.app_context():
            read = get_need(SYSTEM, need_id).revision
            db.session.rollback()
            ready.wait(timeout=20)
            try:
                with unit_of_work():
                    services.publish_need(SYSTEM, get_need(SYSTEM, need_id), note=title, revision=read)
                outcomes.append("published")
            except (Conflict, InvalidTransition):
                outcomes.append("refused")

    threads = [threading.Thread(target=publish, args=(name,)) for name in ("une", "deux")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["published", "refused"]
    db.session.expire_all()
    need = db.session.get_one(Need, need_id)
    assert (need.version, len(versions_of(NEED, need))) == (1, 1)
