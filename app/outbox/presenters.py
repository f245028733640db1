"""What a list of messages shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.core.i18n import format_datetime
from app.core.i18n import gettext as _
from app.outbox.enums import MailState
from app.outbox.models import Mail
from app.outbox.queries import PAGE, mail_counts, mails


@dataclass(frozen=True, slots=True)
class MailLine:
    """One message: `badge` is (words, kind), `detail` says what comes next or why it did not leave."""

    id: int
    at: datetime
    recipient: str
    subject: str
    badge: tuple[str, str]
    detail: str
    can_resend: bool


@dataclass(frozen=True, slots=True)
class StateChoice:
    """A state to filter by, with how many messages are in it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class MailPage:
    """A page of messages; `older` is where the next one begins, None at the end."""

    lines: list[MailLine]
    choices: list[StateChoice]
    chosen: str
    older: int | None


def mail_page(state: str = "", before: int | None = None, *, event_id: int | None = None) -> MailPage:
    """The messages in a state (an unknown one counts as none), of an event when one is named."""
    chosen = next((known for known in MailState if known.value == state), None)
    found = mails(event_id=event_id, state=chosen, before=before)
    return MailPage(
        lines=mail_lines(found),
        choices=state_choices(mail_counts(event_id=event_id)),
        chosen=chosen.value if chosen else "",
        older=found[-1].id if len(found) == PAGE else None,
    )


def mail_lines(found: Iterable[Mail]) -> list[MailLine]:
    return [
        MailLine(
            id=mail.id,
            at=mail.created_at,
            recipient=mail.recipient,
            subject=mail.subject,
            badge=(_labels()[mail.state], _KINDS[mail.state]),
            detail=_detail(mail),
            can_resend=mail.state not in (MailState.SENT, MailState.SENDING)
            and bool(mail.body or mail.drawn_by),
        )
        for mail in found
    ]


def state_choices(counts: Mapping[MailState, int]) -> list[StateChoice]:
    return [StateChoice(state.value, label, counts.get(state, 0)) for state, label in _labels().items()]


_KINDS: Mapping[MailState, str] = {
    MailState.WAITING: "info",
    MailState.SENDING: "info",
    MailState.SENT: "success",
    MailState.FAILED: "error",
    MailState.UNSURE: "warning",
}


def _labels() -> dict[MailState, str]:
    return {
        MailState.WAITING: _("En attente"),
        MailState.SENDING: _("En cours d’envoi"),
        MailState.SENT: _("Parti"),
        MailState.FAILED: _("Non parti"),
        MailState.UNSURE: _("Peut-être parti"),
    }


def _detail(mail: Mail) -> str:
    match mail.state:
        case MailState.SENT:
            return _("Accepté par le relais le %(at)s.", at=format_datetime(mail.sent_at, "d MMMM y, HH:mm"))
        case MailState.WAITING if mail.attempts:
            at = format_datetime(mail.due_at, "d MMMM y, HH:mm")
            return _(
                "Essayé %(n)s fois (%(why)s). Prochain essai le %(at)s.",
                n=mail.attempts,
                why=mail.error,
                at=at,
            )
        case MailState.FAILED:
            return _("Abandonné après %(n)s essais : %(why)s.", n=mail.attempts, why=mail.error)
        case MailState.UNSURE:
            return _(
                "La liaison s’est coupée pendant l’envoi : il est peut-être arrivé. Renvoyez-le s’il manque."
            )
    return ""
