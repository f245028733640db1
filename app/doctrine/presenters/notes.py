"""A note of choice in words, on its page and printed."""

from dataclasses import dataclass
from datetime import date

from app.core.i18n import format_date
from app.core.i18n import gettext as _
from app.doctrine.engine import NoteContent, Route
from app.doctrine.enums import Ground, Outcome, SetAside, Step, Way
from app.doctrine.presenters.words import GROUNDS, OUTCOMES, ROUTES, SET_ASIDE, STEPS, WAYS


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note in words: the codes of its content said in the reader's language."""

    content: NoteContent
    digest: str
    issued_on: date
    steps: tuple[tuple[str, tuple[tuple[str, str, str], ...], str], ...]
    development: tuple[str, str, str] | None
    rules: tuple[tuple[str, str, str], ...]


def note_view(content: NoteContent, digest: str) -> NoteView:
    """`steps` are (title, ((solution, what was said, detail)...), who closed it and when)."""
    closed = {step.step: step for step in content.steps}
    steps = tuple(
        (
            str(STEPS[step]),
            tuple(
                (f"{item.name} ({item.provider})", _said(item.outcome, item.reason), item.detail)
                for item in content.solutions
                if item.step == step
            ),
            _closing(closed[step].closed_by, closed[step].closed_on) if step in closed else "",
        )
        for step in (Step.MUTUALISE, Step.BUY)
    )
    opened = content.development
    development = (
        (str(GROUNDS[Ground(opened.ground)]), opened.justification, str(WAYS[Way(opened.way)]))
        if opened
        else None
    )
    rules = tuple((str(ROUTES[Route(rule.route)]), rule.value, rule.reference) for rule in content.rules)
    return NoteView(content, digest, date.fromisoformat(content.issued_on), steps, development, rules)


def _said(outcome: str, reason: str) -> str:
    return str(SET_ASIDE[SetAside(reason)]) if reason else str(OUTCOMES[Outcome(outcome)])


def _closing(by: str, on: str) -> str:
    day = format_date(date.fromisoformat(on), "long")
    return _("Étape close le %(day)s par %(who)s.", day=day, who=by or _("le portail"))
