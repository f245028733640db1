"""What participants are told of the schedule: their first day, then what was beside what is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.accounts.queries import readers_of
from app.core.i18n import gettext as _
from app.events.hours import Period
from app.events.models import Event
from app.events.queries.delegations import delegations_of
from app.events.services import facts_of
from app.events.signals import EventFacts
from app.events.wording import days_text, moment_text, move_text, zone_note
from app.outbox.services import send_mail
from app.schedules.queries.agendas import Engagement


@dataclass(frozen=True, slots=True)
class Change:
    """One engagement as it was and as it is; None where there is none."""

    was: Engagement | None
    is_now: Engagement | None

    @property
    def is_real(self) -> bool:
        return self.was is None or self.is_now is None or not self.was.same_place(self.is_now)


@dataclass(frozen=True, slots=True)
class Changed:
    """A delegation's day: what changes in it, when it is away where that changes too, what it holds now."""

    changes: Sequence[Change]
    away: Sequence[Period]
    items: Sequence[Engagement]


def write_first_days(event: Event, agendas: Iterable[Engagement], agenda_url: str) -> None:
    """To each delegation, the day it was given."""
    days = _by_organisation(agendas)
    for delegation in delegations_of(event.id):
        mine = days.get(delegation.organisation_id, [])
        send_mail(
            to=readers_of(delegation.organisation_id),
            subject=lambda: _("Votre planning : %(event)s", event=event.name),
            body=partial(_first_day, event, mine, agenda_url),
            about="schedule.published",
            event_id=event.id,
        )


def write_changes(
    event: Event,
    old: Iterable[Engagement],
    new: Iterable[Engagement],
    agenda_url: str,
    *,
    before: EventFacts | None = None,
    absences: Mapping[int, tuple[Period, ...]] | None = None,
) -> None:
    """To each delegation whose day changes, what was beside what is; to all where the event itself changes
    its day or its place. `absences`: when those who said they are away are away now, where that followed."""
    former, present = _by_organisation(old), _by_organisation(new)
    for delegation in delegations_of(event.id):
        was, is_now = (days.get(delegation.organisation_id, []) for days in (former, present))
        changes = _changes(was, is_now)
        away = (absences or {}).get(delegation.id, ())
        if changes or (before is not None and facts_of(event) != before):
            send_mail(
                to=readers_of(delegation.organisation_id),
                subject=lambda: _headline(event, before)[0],
                body=partial(_changed_day, event, before, Changed(changes, away, is_now), agenda_url),
                about="schedule.changed",
                event_id=event.id,
            )


def write_closed(event: Event, old: Iterable[Engagement], new: Iterable[Engagement], agenda_url: str) -> None:
    """To every delegation: the event is closed, and what that takes from its day."""
    former, present = _by_organisation(old), _by_organisation(new)
    for delegation in delegations_of(event.id):
        was, is_now = (days.get(delegation.organisation_id, []) for days in (former, present))
        send_mail(
            to=readers_of(delegation.organisation_id),
            subject=lambda: _("%(event)s : clos", event=event.name),
            body=partial(_closed, event, _changes(was, is_now), agenda_url),
            about="event.closed",
            event_id=event.id,
        )


def write_reopened(event: Event, agendas: Iterable[Engagement], agenda_url: str) -> None:
    """To every delegation: the event takes place after all, and what its day holds again."""
    days = _by_organisation(agendas)
    for delegation in delegations_of(event.id):
        send_mail(
            to=readers_of(delegation.organisation_id),
            subject=lambda: _("%(event)s : rouvert", event=event.name),
            body=partial(_reopened, event, days.get(delegation.organisation_id, []), agenda_url),
            about="event.reopened",
            event_id=event.id,
        )


def told_before(agendas: Iterable[Engagement], before: EventFacts) -> list[Engagement]:
    """Engagements as people had been told of them: sessions speak of the event's place of today."""
    return [replace(item, place=before.place, timezone=before.timezone) for item in agendas]


def where_text(event: Event) -> str:
    """Day and place of the event, written out."""
    return f"{days_text(event.days)}{zone_note(event.timezone)}\n{event.place}"


def engagement_text(item: Engagement) -> str:
    """« vendredi 27 mars 2026, 09:00 – 09:20 : Étincelle (table 3) »."""
    return f"{moment_text(item.starts_at, item.ends_at, item.timezone)} : {_who(item)} ({_spot(item)})"


def _headline(event: Event, before: EventFacts | None) -> tuple[str, list[str]]:
    """Subject and first lines: what changed for everyone, the day before the place."""
    if before is not None and before.days and event.days and before.days != tuple(event.days):
        move = move_text(before.days, event.days)
        subject = _("%(event)s : déplacé %(move)s", event=event.name, move=move)
        intro = [_("L’événement « %(event)s » est déplacé %(move)s.", event=event.name, move=move)]
    elif before is not None and before.place != event.place:
        subject, intro = _("%(event)s : nouveau lieu", event=event.name), []
    else:
        subject = _("Votre planning change : %(event)s", event=event.name)
        intro = [_("Votre planning de l’événement « %(event)s » change.", event=event.name)]
    if before is not None and before.place != event.place:
        intro.append(_("Il aura lieu : %(new)s, au lieu de : %(old)s.", new=event.place, old=before.place))
    return subject, intro


def _first_day(event: Event, items: Sequence[Engagement], agenda_url: str) -> str:
    intro = _("Le planning de l’événement « %(event)s » est publié.", event=event.name)
    return _letter([intro, where_text(event), _day(items, agenda_url)])


def _closed(event: Event, lost: Sequence[Change], agenda_url: str) -> str:
    said = _(
        "L’organisation a clos l’événement « %(event)s ». Ce qui n’avait pas encore eu lieu n’aura pas lieu, "
        "et plus personne ne peut y demander de rencontre.",
        event=event.name,
    )
    lines = ["\n".join([_("Ce qui change pour vous :"), *map(_change_text, lost)])] if lost else []
    end = [_("Votre agenda : %(url)s", url=agenda_url)] if agenda_url and lost else []
    return _letter([said, where_text(event), *lines, *end])


def _reopened(event: Event, items: Sequence[Engagement], agenda_url: str) -> str:
    said = _(
        "L’organisation a rouvert l’événement « %(event)s » : ce qui reste à venir aura bien lieu.",
        event=event.name,
    )
    return _letter([said, where_text(event), _day(items, agenda_url)])


def _changed_day(event: Event, before: EventFacts | None, day: Changed, agenda_url: str) -> str:
    body = [*_headline(event, before)[1], where_text(event)]
    if day.changes:
        body.append("\n".join([_("Ce qui change pour vous :"), *map(_change_text, day.changes)]))
    if day.away:
        lines = [f"- {moment_text(span.starts_at, span.ends_at, event.timezone)}" for span in day.away]
        end = _("Si elles ne valent plus, dites-le à l’organisation de l’événement.")
        body.append("\n".join([_("Vos indisponibilités suivent :"), *lines, end]))
    return _letter([*body, _day(day.items, agenda_url)])


def _changes(old: Sequence[Engagement], new: Sequence[Engagement]) -> list[Change]:
    """What was beside what is, for each engagement that is new, gone or elsewhere."""
    former, present = {item.uid: item for item in old}, {item.uid: item for item in new}
    pairs = [Change(former.get(uid), present.get(uid)) for uid in {**former, **present}]
    return [change for change in pairs if change.is_real]


def _change_text(change: Change) -> str:
    if change.was is not None and change.is_now is not None:
        return _moved(change.was, change.is_now)
    if change.is_now is not None:
        return _("- nouveau : %(what)s", what=engagement_text(change.is_now))
    return _("- annulé : %(what)s", what=engagement_text(change.was) if change.was else "")


def _moved(was: Engagement, is_now: Engagement) -> str:
    old, new = ((item.starts_at, item.ends_at, item.timezone) for item in (was, is_now))
    if old == new and _spot(was) == _spot(is_now):
        return _("- nouveau lieu, même heure : %(what)s", what=engagement_text(is_now))
    return _(
        "- %(who)s : %(new)s (%(new_spot)s), au lieu de : %(old)s (%(old_spot)s)",
        who=_who(is_now),
        new=moment_text(*new),
        old=moment_text(*old),
        new_spot=_spot(is_now),
        old_spot=_spot(was),
    )


def _day(items: Sequence[Engagement], agenda_url: str) -> str:
    lines = [engagement_text(item) for item in items] or [_("Aucun rendez-vous pour l’instant.")]
    end = (
        [_("Retrouvez-le, avec un fichier pour votre agenda : %(url)s", url=agenda_url)] if agenda_url else []
    )
    return "\n\n".join(["\n".join([_("Votre planning :"), *lines]), *end])


def _who(item: Engagement) -> str:
    return item.theme or ", ".join(item.partners)


def _spot(item: Engagement) -> str:
    if item.table is not None:
        return _("table %(n)d", n=item.table + 1)
    return _("salle %(n)d", n=(item.room or 0) + 1)


def _by_organisation(agendas: Iterable[Engagement]) -> dict[int, list[Engagement]]:
    found: dict[int, list[Engagement]] = {}
    for item in agendas:
        found.setdefault(item.organisation_id, []).append(item)
    return found


def _letter(paragraphs: Sequence[str]) -> str:
    return "\n\n".join(paragraphs) + "\n"
