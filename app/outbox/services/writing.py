"""Writing to people: a row for each address, in the caller's transaction and each reader's language."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from app.core.db import db
from app.core.i18n import current_language, force_locale
from app.outbox.models import Mail

Words = str | Callable[[], str]
"""A text, or what says it in the language of whoever reads it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom to write to, and in which language."""

    email: str
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it would be written."""

    reader: Reader
    subject: str
    body: str


_muted: ContextVar[bool] = ContextVar("mail_muted", default=False)
_preview: ContextVar[list[Letter] | None] = ContextVar("mail_preview", default=None)


@contextmanager
def muted() -> Iterator[None]:
    """Write to nobody within the block: loading data must not wake the people it speaks of."""
    token = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(token)


@contextmanager
def previewed() -> Iterator[list[Letter]]:
    """Collect what the block would write instead of writing it: the same code previews and sends."""
    letters: list[Letter] = []
    token = _preview.set(letters)
    try:
        yield letters
    finally:
        _preview.reset(token)


def send_mail(
    *,
    to: Iterable[Reader | str],
    subject: Words,
    body: Words = "",
    about: str = "",
    event_id: int | None = None,
    keep_body: bool = True,
    drawn: tuple[str, int] | None = None,
) -> None:
    """One message to each address, so that nobody sees who else received it.

    `about` names the occasion ("schedule.published"), `event_id` lists the message for the event's team.
    Without `keep_body` the text is erased once it has left. One with a secret has no `body`: it is `drawn` as
    it leaves, by (what draws it, for which row)."""
    letters = [_letter(reader, subject, body) for reader in ([] if _muted.get() else to)]
    preview = _preview.get()
    if preview is not None:
        preview.extend(letters)
        return
    db.session.add_all(
        Mail(
            message_id=f"<{uuid.uuid4()}@traitdunion>",
            recipient=letter.reader.email,
            language=letter.reader.language,
            subject=letter.subject,
            body=letter.body,
            keep_body=keep_body,
            drawn_by=drawn[0] if drawn else "",
            drawn_id=drawn[1] if drawn else None,
            about=about,
            event_id=event_id,
        )
        for letter in letters
    )


def _letter(reader: Reader | str, subject: Words, body: Words) -> Letter:
    known = Reader(reader, current_language()) if isinstance(reader, str) else reader
    with force_locale(known.language):
        return Letter(known, _one_line(_said(subject)), _said(body))


def _said(words: Words) -> str:
    return words if isinstance(words, str) else words()


def _one_line(text: str) -> str:
    """A header holds one line, however a company writes its name."""
    return " ".join(text.split())[:500]
