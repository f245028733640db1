"""The portal's processes as a test starts and kills them: real workers and servers, a model that takes its
time, forked from a process that has loaded everything, so that sixty of them start quickly."""

import logging
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext, ForkServerProcess

from flask import Flask

from app.core.config import Settings
from matching.retrieval.types import Vectors
from tests.fakes import HashingEncoder

TEXT_S = 0.03
SLOW = "slow"  # as ENCODER_MODEL


class SlowEncoder(HashingEncoder):
    """Long enough at each text for a kill to fall inside."""

    def _encode(self, texts: Sequence[str]) -> Vectors:
        time.sleep(TEXT_S * len(texts))
        return super()._encode(texts)


def portal(settings: Settings) -> Flask:
    """With the model that the settings name, or one that only takes time."""
    from app.wiring import create_app

    app = create_app(settings, encoder=SlowEncoder() if settings.encoder_model == SLOW else None)
    app.config.update(WTF_CSRF_ENABLED=False)
    return app


def work(settings: Settings) -> None:
    from app.core.jobs import Lane
    from app.core.jobs.worker import Worker

    Worker(portal(settings), {Lane.MAIL: 2, Lane.SHORT: 1, Lane.LONG: 1}).work()


def serve(settings: Settings) -> None:
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    make_server("127.0.0.1", settings.port, portal(settings), threaded=True).serve_forever()


def forking() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["app.wiring", "tests.resilience.processes"])
    return context


@dataclass
class Crew:
    """Two workers and a server; one that is killed is replaced at once."""

    settings: Settings
    context: ForkServerContext = field(default_factory=forking)
    members: dict[str, ForkServerProcess] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)
    names: tuple[str, ...] = ("worker 1", "worker 2", "server")

    def start(self) -> None:
        for name in self.names:
            self._begin(name)

    def kill(self, name: str) -> None:
        """SIGKILL: nothing of it can tidy up."""
        self.members[name].kill()
        self.members[name].join()
        role = name.split(maxsplit=1)[0]
        self.kills[role] = self.kills.get(role, 0) + 1
        self._begin(name)

    def stop(self) -> None:
        for process in self.members.values():
            process.kill()
            process.join()

    def _begin(self, name: str) -> None:
        target = serve if name == "server" else work
        process = self.context.Process(target=target, args=(self.settings,), daemon=True)
        process.start()
        self.members[name] = process
