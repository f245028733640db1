"""What changed since the search before, one sentence for each offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.i18n import gettext as _
from app.matchmaking.enums import Cause, Move
from app.matchmaking.models import MatchRun
from app.matchmaking.queries.runs import OfferName, offer_names


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One offer: its name, the address of its page while it has one, what became of it and why."""

    name: str
    slug: str | None
    what: str
    why: str


def change_lines(run: MatchRun, criterion_labels: Mapping[str, str]) -> list[ChangeLine]:
    """Those that entered, then those that left, then those that moved."""
    changes = sorted(run.changes, key=lambda change: list(Move).index(Move(change["move"])))
    names = offer_names({change["offer_id"] for change in changes})
    return [_line(change, names, criterion_labels) for change in changes if change["offer_id"] in names]


def _line(change: Mapping[str, Any], names: Mapping[int, OfferName], labels: Mapping[str, str]) -> ChangeLine:
    known = names[change["offer_id"]]
    key = change["criterion"]
    return ChangeLine(
        name=known.name,
        slug=known.slug if known.is_published else None,
        what=_what(Move(change["move"]), change["before"], change["after"]),
        why=_why(Cause(change["cause"]), labels.get(key, key) if key else ""),
    )


def _what(move: Move, before: int | None, after: int | None) -> str:
    match move:
        case Move.ENTERED:
            return _("entrée au rang %(rank)s", rank=after)
        case Move.LEFT:
            return _("sortie, elle était au rang %(rank)s", rank=before)
        case Move.MOVED:
            return _("passée du rang %(before)s au rang %(after)s", before=before, after=after)


def _why(cause: Cause, criterion: str) -> str:
    words = {
        Cause.NEED_EDITED: _("votre besoin a été modifié"),
        Cause.PRIORITIES: _("vos priorités ont changé"),
        Cause.OFFER_PUBLISHED: _("elle vient d’être publiée"),
        Cause.OFFER_EDITED: _("sa description a été modifiée"),
        Cause.OFFER_WITHDRAWN: _("elle n’est plus publiée"),
        Cause.CRITERION_MET: _("elle remplit désormais « %(criterion)s »", criterion=criterion),
        Cause.CRITERION_LOST: _("elle ne remplit plus « %(criterion)s »", criterion=criterion),
        Cause.OTHERS: _("d’autres offres ont changé"),
    }
    return words[cause]
