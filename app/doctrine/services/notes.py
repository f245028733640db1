"""Issuing the note of choice: what the steps say on that day, frozen with a digest."""

import sqlalchemy as sa

from app.audit.services import record
from app.core.clock import day_of, today
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition
from app.core.i18n import gettext as _
from app.doctrine.engine import (
    NoteContent,
    NotedDevelopment,
    NotedRule,
    NotedSolution,
    NotedStep,
    Purchase,
)
from app.doctrine.enums import Step
from app.doctrine.models import Consideration, DecisionNote, Development, StepClosing
from app.doctrine.queries import closings_of, considerations_of, find_development
from app.doctrine.services.routes import buys_as_state, routes_on
from app.needs.models import Need
from app.permissions import Actor, Permission, require


def issue_note(actor: Actor, need: Need, *, issued_by: str) -> DecisionNote:
    """A numbered note of the choice: something retained at a closed step, or the third step open.

    Raises InvalidTransition before that: there is no choice to note yet."""
    require(actor, Permission.DOCTRINE_DECIDE, on=need)
    closings, development = closings_of(need.id), find_development(need.id)
    chosen = any(closing.retained for closing in closings.values())
    if Step.MUTUALISE not in closings or not (chosen or development):
        raise InvalidTransition(
            _("La note dit un choix : closez une étape qui retient une solution, ou ouvrez l’étape 3.")
        )
    last = db.session.scalar(sa.select(sa.func.max(DecisionNote.number)).filter_by(need_id=need.id)) or 0
    content = _content(need, last + 1, issued_by, list(closings.values()), development)
    note = DecisionNote(
        need_id=need.id,
        number=content.number,
        content=content.stored(),
        digest=content.digest(),
        issued_by_id=actor.user_id,
    )
    db.session.add(note)
    flush_for_id()
    record(actor, "doctrine.note_issued", need, number=note.number, digest=note.digest)
    return note


def _content(
    need: Need, number: int, issued_by: str, closings: list[StepClosing], development: Development | None
) -> NoteContent:
    # The note keeps codes and names; the words of a code belong to who shows it.
    purchase = Purchase(None, is_state=buys_as_state(need), opens_development=development is not None)
    return NoteContent(
        number=number,
        issued_on=today().isoformat(),
        issued_by=issued_by,
        administration=need.organisation.name,
        title=need.title,
        description=need.description,
        need_version=need.version,
        sensitive_data=need.is_sensitive,
        requirements=tuple((row.criterion.label_fr, row.level.value) for row in need.requirements),
        steps=tuple(_step(closing) for closing in sorted(closings, key=lambda row: row.step)),
        solutions=tuple(_solution(row) for row in considerations_of(need.id)),
        development=_development(development) if development else None,
        rules=tuple(
            NotedRule(
                finding.route.value,
                finding.applies,
                str(finding.parameter.value or ""),
                finding.parameter.reference,
            )
            for finding in routes_on(today(), purchase)
        ),
    )


def _step(row: StepClosing) -> NotedStep:
    return NotedStep(
        row.step,
        row.considered,
        row.retained,
        row.need_version,
        row.closed_by.name if row.closed_by else "",
        day_of(row.closed_at).isoformat(),
    )


def _solution(row: Consideration) -> NotedSolution:
    offer = row.offer
    return NotedSolution(
        step=row.step,
        name=offer.name,
        provider=offer.organisation.name if offer.organisation else offer.source,
        slug=offer.slug,
        version=row.offer_version,
        outcome=row.outcome.value,
        reason=row.reason.value if row.reason else "",
        detail=row.detail,
        decided_by=row.decided_by.name if row.decided_by else "",
        decided_on=day_of(row.decided_at).isoformat(),
    )


def _development(row: Development) -> NotedDevelopment:
    return NotedDevelopment(
        row.ground.value,
        row.justification,
        row.way.value,
        row.opened_by.name if row.opened_by else "",
        day_of(row.opened_at).isoformat(),
    )
