"""Mail goes over real SMTP, after the commit, one message a person."""

import socket
from collections.abc import Iterator
from email.header import decode_header, make_header
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from app.core import jobs
from app.core.config import Settings
from app.core.db import rollback, unit_of_work
from app.core.mail import send_mail
from tests.conftest import portal_of


class Inbox(Message):
    def __init__(self) -> None:
        super().__init__()
        self.received: list[tuple[str, str, str]] = []

    def handle_message(self, message: object) -> None:
        subject = str(make_header(decode_header(message["Subject"])))  # type: ignore[index]  # aiosmtpd hands a plain object
        to = str(message["X-RcptTo"])  # type: ignore[index]  # aiosmtpd hands a plain object
        payload = message.get_payload(decode=True).decode()  # type: ignore[attr-defined]  # a loosely typed answer
        self.received.append((to, subject, payload.strip()))


@pytest.fixture
def smtp() -> Iterator[tuple[Inbox, int]]:
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, port
    controller.stop()


def test_mail_over_smtp(settings: Settings, tmp_path: Path, smtp: tuple[Inbox, int]) -> None:
    inbox, port = smtp
    with_server = settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": port})
    with portal_of(with_server):
        with unit_of_work():
            send_mail(to=["a@exemple.fr", "b@exemple.fr"], subject="Planning publié", body="Bonjour à vous.")
            assert inbox.received == []
        for job_id in jobs.due_jobs():
            jobs.run(job_id)
        rollback()
    assert inbox.received == [
        ("a@exemple.fr", "Planning publié", "Bonjour à vous."),
        ("b@exemple.fr", "Planning publié", "Bonjour à vous."),
    ]


def test_without_server_mail_is_kept_as_files(settings: Settings) -> None:
    with portal_of(settings):
        with unit_of_work():
            send_mail(to=["a@exemple.fr"], subject="Bonjour", body="Bonjour.")
        for job_id in jobs.due_jobs():
            jobs.run(job_id)
        rollback()
    kept = list((settings.data_dir / "mails").iterdir())
    assert len(kept) == 1
    assert "a@exemple.fr" in kept[0].read_text(encoding="utf-8")
