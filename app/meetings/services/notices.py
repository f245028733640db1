"""What participants are told of sessions."""

from collections.abc import Callable

from app.accounts.queries import readers_of
from app.core.i18n import gettext as _
from app.events.models import Delegation
from app.events.wording import moment_text
from app.meetings.enums import InvitationState
from app.meetings.models import GroupSession
from app.outbox.services import send_mail


def tell_invited(session: GroupSession, vendor: Delegation) -> None:
    _write(
        vendor,
        "session.invited",
        lambda: _("Invitation à une session : %(theme)s", theme=session.theme),
        lambda: _(
            "%(host)s vous invite à la session « %(theme)s » (%(event)s).\n%(when)s\n\n"
            "Acceptez ou déclinez depuis la page « Rencontres » du portail.",
            host=session.host.organisation.name,
            theme=session.theme,
            event=session.event.name,
            when=when_and_where(session),
        ),
    )


def tell_host(session: GroupSession, vendor: Delegation, *, accept: bool) -> None:
    """The answer reaches who leads the session, with how many seats are taken."""
    who, taken = (
        vendor.organisation.name,
        sum(i.state is InvitationState.ACCEPTED for i in session.invitations),
    )

    def subject() -> str:
        if accept:
            return _("%(who)s participe à votre session « %(theme)s »", who=who, theme=session.theme)
        return _("%(who)s décline votre session « %(theme)s »", who=who, theme=session.theme)

    def body() -> str:
        seats = _("%(n)s places prises sur %(all)s.", n=taken, all=session.capacity)
        return f"{subject()} ({session.event.name}).\n{when_and_where(session)}\n\n{seats}"

    _write(session.host, "session.answered", subject, body)


def tell_cancelled(session: GroupSession) -> None:
    """To those who had accepted, and to those who had not answered yet: nothing is asked of them any more."""
    for item in session.invitations:
        if item.state is not InvitationState.DECLINED:
            _write(
                item.vendor,
                "session.cancelled",
                lambda: _("Session annulée : %(theme)s", theme=session.theme),
                lambda: _(
                    "La session « %(theme)s » (%(event)s) n’aura pas lieu.\nElle était prévue : %(when)s",
                    theme=session.theme,
                    event=session.event.name,
                    when=when_and_where(session),
                ),
            )


def when_and_where(session: GroupSession) -> str:
    when = moment_text(session.starts_at, session.ends_at, session.event.timezone)
    room = _("salle %(n)d", n=session.room + 1)
    return f"{when}, {room}, {session.event.place}"


def _write(delegation: Delegation, about: str, subject: Callable[[], str], body: Callable[[], str]) -> None:
    readers = readers_of(delegation.organisation_id)
    send_mail(to=readers, subject=subject, body=body, about=about, event_id=delegation.event_id)
