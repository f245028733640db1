"""People who send to one portal at the same instant, by real requests on connections of their own.

No request commits before each has come as far as its own commit, has ended, or has shown by its silence that
it waits for another: each has then read what none of the others has changed yet."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import dataclass

import pytest
from flask import Flask

from app.accounts.models import User
from app.core import db as database
from app.core.db import db
from app.web.extensions import limiter
from tests.clients import another_client

SILENCE_S = 1.0
TRIES = 10
Fields = dict[str, str]


class Gate:
    """Holds the commits back until as many requests as expected stand before it or have ended."""

    def __init__(self, expected: int) -> None:
        self._changed = threading.Condition()
        self._missing = expected

    def arrive(self) -> None:
        with self._changed:
            self._missing -= 1
            self._changed.notify_all()

    def wait(self) -> None:
        self.arrive()
        with self._changed:
            if not self._changed.wait_for(lambda: self._missing <= 0, timeout=SILENCE_S):
                self._missing = 0  # the missing ones wait for a lock that one of us holds
                self._changed.notify_all()


@dataclass(frozen=True)
class Answer:
    """`number`: the place in the crowd of who was answered so."""

    number: int
    status: int
    page: str


def all_at_once(
    app: Flask, people: Sequence[User | None], send: Callable[[int], tuple[str, Fields]]
) -> list[Answer]:
    """What each of `people` (None: a visitor) is answered to the POST that `send` gives for its place."""
    gate, commit = Gate(len(people)), database.commit
    clients = [another_client(app) for _person in people]
    for client, person in zip(clients, people, strict=True):
        if person is not None:
            client.sign_in(person)
    sent = [send(number) for number in range(len(people))]
    db.session.commit()

    def gated() -> None:
        if db.engine.dialect.name != "sqlite":  # there, who is about to commit holds everybody else
            gate.wait()
        commit()

    def attempt(number: int) -> Answer:
        address, fields = sent[number]
        with app.app_context():
            try:
                for _try in range(TRIES):  # a busy database says so, and the page sends the form again
                    answer = clients[number].post(address, data=fields)
                    if answer.status_code != 503:
                        break
                return Answer(number, answer.status_code, answer.text)
            finally:
                gate.arrive()

    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(len(people)) as pool:
        patch.setattr(database, "commit", gated)
        patch.setattr(limiter, "enabled", False)
        patch.setattr(app, "testing", False)  # a crash is answered, as in production, and seen
        tasks = [pool.submit(Context().run, attempt, number) for number in range(len(people))]
        answers = [task.result() for task in tasks]
    db.session.rollback()  # what was read before is not what is there now
    return answers
