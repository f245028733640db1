"""Messages leave over real SMTP after the commit, once each, and what is not known is said."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.clock import now
from app.core.config import Settings
from app.core.db import db, rollback, unit_of_work
from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.outbox.enums import MailState
from app.outbox.models import Mail
from app.outbox.queries import mail_health
from app.outbox.services import Reader, muted, previewed, send_again, send_mail, send_next
from tests.conftest import portal_of
from tests.smtp import free_port, relay


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def portal(settings: Settings, port: int) -> Iterator[Flask]:
    """A portal that sends to a relay on `port`, which each test starts or not."""
    told = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_timeout_s": 5.0}
    with portal_of(settings.model_copy(update=told)) as app:
        yield app


def write(*to: Reader | str, keep_body: bool = True) -> None:
    with unit_of_work():
        send_mail(
            to=to or ["a@exemple.fr"], subject="Planning publié", body="Bonjour à vous.", keep_body=keep_body
        )


def send_all() -> int:
    count = 0
    while send_next():
        count += 1
    rollback()
    return count


def only() -> Mail:
    rollback()
    return db.session.scalars(sa.select(Mail)).one()


def test_one_message_a_person_once_it_has_committed(portal: Flask, port: int) -> None:
    with relay(port) as server:
        with unit_of_work():
            send_mail(to=["a@exemple.fr", "b@exemple.fr"], subject="Planning publié", body="Bonjour à vous.")
            assert server.received == []
        assert send_all() == 2
        found = [(mail.to, mail.subject, mail.body) for mail in server.received]
    assert found == [
        ("a@exemple.fr", "Planning publié", "Bonjour à vous."),
        ("b@exemple.fr", "Planning publié", "Bonjour à vous."),
    ]
    ids = db.session.scalars(sa.select(Mail.message_id).order_by(Mail.id)).all()
    assert [mail.message_id for mail in server.received] == ids
    assert send_all() == 0


def test_what_rolls_back_was_never_written(portal: Flask) -> None:
    send_mail(to=["a@exemple.fr"], subject="x", body="x")
    rollback()
    assert db.session.scalar(sa.select(sa.func.count(Mail.id))) == 0


def test_each_reads_in_their_language(portal: Flask, port: int) -> None:
    with relay(port) as server:
        with unit_of_work():
            readers = [Reader("a@exemple.fr", "fr"), Reader("b@exemple.fr", "en")]
            send_mail(to=readers, subject=lambda: _("Se connecter"), body="x")
        send_all()
        found = [(mail.subject, mail.language) for mail in server.received]
    assert found == [("Se connecter", "fr"), ("Sign in", "en")]


def test_a_line_break_in_a_name_stays_out_of_the_header(portal: Flask, port: int) -> None:
    with relay(port) as server:
        with unit_of_work():
            send_mail(to=["a@exemple.fr"], subject="Acme\r\nBcc: b@exemple.fr veut", body="x")
        send_all()
        assert [(mail.to, mail.subject) for mail in server.received] == [
            ("a@exemple.fr", "Acme Bcc: b@exemple.fr veut")
        ]


def test_an_address_with_a_line_break_fails_alone(portal: Flask, port: int) -> None:
    with relay(port) as server:
        write("a@exemple.fr\nBcc: c@exemple.fr", "b@exemple.fr")
        send_all()
        assert [mail.to for mail in server.received] == ["b@exemple.fr"]
    states = db.session.scalars(sa.select(Mail.state).order_by(Mail.id)).all()
    assert states == [MailState.FAILED, MailState.SENT]


def test_a_relay_that_is_down_for_ten_minutes_loses_nothing(portal: Flask, port: int) -> None:
    write(*[f"p{number}@exemple.fr" for number in range(5)])
    moment, tries = now(), 0
    while moment < now() + timedelta(minutes=10):
        with clock.fixed_at(moment):
            tries += send_all()
        moment += timedelta(seconds=15)
    assert tries == 25  # at once, then after 30 s, 1, 2 and 4 minutes more
    assert mail_health().late == 5
    with relay(port) as server, clock.fixed_at(now() + timedelta(hours=1)):
        assert send_all() == 5
        assert sorted(mail.to for mail in server.received) == [f"p{n}@exemple.fr" for n in range(5)]


def test_a_relay_that_refuses_for_now_is_asked_again(portal: Flask, port: int) -> None:
    write()
    with relay(port, data="451 plus tard"):
        send_all()
    assert (only().state, only().error) == (MailState.WAITING, "451 plus tard")
    assert only().due_at == now() + timedelta(seconds=30)


def test_after_ten_tries_a_person_is_asked(portal: Flask, port: int) -> None:
    write()
    for number in range(10):
        assert only().state is MailState.WAITING
        with clock.fixed_at(now() + timedelta(hours=3 * number)):
            assert send_all() == 1
    assert only().state is MailState.FAILED
    with clock.fixed_at(now() + timedelta(days=3)):
        assert send_all() == 0


@pytest.mark.parametrize("answer", [{"rcpt": "550 inconnu"}, {"data": "554 refusé"}])
def test_a_refusal_for_good_is_final(portal: Flask, port: int, answer: dict[str, str]) -> None:
    write()
    with relay(port, **answer) as server:
        send_all()
        assert server.received == []
    assert only().state is MailState.FAILED
    assert only().error in ("550 inconnu", "554 refusé")


def test_a_line_cut_while_the_text_leaves_is_unsure(portal: Flask, port: int) -> None:
    write()
    with relay(port, hang_up=True) as server:
        send_all()
        assert len(server.received) == 1  # accepted, unknown to us
    assert only().state is MailState.UNSURE
    with relay(port) as server, clock.fixed_at(now() + timedelta(days=2)):
        assert send_all() == 0
        assert server.received == []


def test_sending_again_keeps_the_name_of_the_message(portal: Flask, port: int) -> None:
    write()
    with relay(port, hang_up=True) as server:
        send_all()
        first = server.received[0].message_id
    with unit_of_work():
        send_again(db.session.scalars(sa.select(Mail)).one())
    with relay(port) as server:
        send_all()
        assert [mail.message_id for mail in server.received] == [first]
    with pytest.raises(InvalidTransition):
        send_again(only())


@pytest.mark.parametrize(("handed", "expected"), [(False, MailState.WAITING), (True, MailState.UNSURE)])
def test_what_a_dead_worker_held_waits_or_is_unsure(portal: Flask, handed: bool, expected: MailState) -> None:
    write()
    with unit_of_work() as session:
        mail = session.scalars(sa.select(Mail)).one()
        mail.state, mail.claimed_at = MailState.SENDING, now()
        mail.handed_at = now() if handed else None
    with clock.fixed_at(now() + timedelta(minutes=5)):
        assert send_all() == 0
        assert only().state is MailState.SENDING
    with clock.fixed_at(now() + timedelta(minutes=5, seconds=1)):
        send_next()
        assert only().state is expected


def test_a_secret_text_is_erased_once_it_has_left(portal: Flask, port: int) -> None:
    write(keep_body=False)
    assert only().body == "Bonjour à vous."
    with relay(port):
        send_all()
    assert (only().state, only().body) == (MailState.SENT, "")


def test_without_relay_each_message_is_a_file(settings: Settings) -> None:
    with portal_of(settings):
        write()
        send_all()
        assert only().state is MailState.SENT
    kept = list((settings.data_dir / "mails").iterdir())
    assert len(kept) == 1
    assert "a@exemple.fr" in kept[0].read_text(encoding="utf-8")


def test_a_folder_of_mails_that_cannot_be_written_is_tried_again(settings: Settings) -> None:
    (settings.data_dir / "mails").write_text("not a folder")
    with portal_of(settings):
        write()
        send_all()
        assert only().state is MailState.WAITING


def test_a_preview_writes_what_would_be_sent_and_sends_nothing(portal: Flask) -> None:
    with previewed() as letters:
        write("a@exemple.fr")
    assert [(letter.reader.email, letter.subject) for letter in letters] == [
        ("a@exemple.fr", "Planning publié")
    ]
    with muted():
        write("a@exemple.fr")
    assert db.session.scalar(sa.select(sa.func.count(Mail.id))) == 0
