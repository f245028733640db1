"""The three steps of a need as their page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.doctrine.enums import Outcome, SetAside, Step
from app.doctrine.models import Consideration, Development, StepClosing
from app.doctrine.presenters.words import OUTCOMES, SET_ASIDE, STEPS
from app.doctrine.queries import (
    ToStudy,
    closings_of,
    considerations_of,
    find_development,
    left_to_study,
)
from app.matchmaking.models import MatchRun
from app.matchmaking.presenters.kept_out import Missing, missing_of
from app.matchmaking.queries import get_run
from app.needs.models import Need
from app.offers.models import Offer
from app.reference.models import Criterion
from app.reference.queries import criteria


@dataclass(frozen=True, slots=True)
class Candidate:
    """A solution to study or studied; `outcome` is None while nothing is said of it."""

    offer_id: int
    name: str
    slug: str
    provider: str
    summary: str
    outcome: Outcome | None
    told: str = ""
    detail: str = ""
    by: str = ""
    at: datetime | None = None
    reason: SetAside | None = None
    changed_since: bool = False
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as shown. `waits_for` names the step to close first; `left` counts what is still to study."""

    step: Step
    title: str
    candidates: tuple[Candidate, ...]
    left: int
    waits_for: Step | None
    closed_by: str = ""
    closed_at: datetime | None = None
    need_changed_since: bool = False

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """The three steps of a need. `can_develop` opens the form of the third, `can_note` that of the note."""

    steps: tuple[StepView, ...]
    is_searched: bool
    retained: tuple[Candidate, ...]
    development: Development | None
    can_develop: bool
    can_note: bool


def procedure_of(need: Need) -> ProcedureView:
    """Everything decided and everything left for a need, in a constant number of queries."""
    run, closings = get_run(need.id), closings_of(need.id)
    recorded, development = considerations_of(need.id), find_development(need.id)
    known = {criterion.key: criterion for criterion in criteria()}
    steps = tuple(_step(need, step, run, recorded, closings, known) for step in (Step.MUTUALISE, Step.BUY))
    retained = tuple(
        candidate for view in steps for candidate in view.candidates if candidate.outcome is Outcome.RETAINED
    )
    chosen = any(closing.retained for closing in closings.values())
    both = len(closings) == len(steps)
    return ProcedureView(
        steps,
        run is not None,
        retained,
        development,
        can_develop=both and not chosen and development is None,
        can_note=chosen or development is not None,
    )


def _step(  # noqa: PLR0917  # read once for both steps
    need: Need,
    step: Step,
    run: MatchRun | None,
    recorded: Sequence[Consideration],
    closings: Mapping[Step, StepClosing],
    known: Mapping[str, Criterion],
) -> StepView:
    mine = [item for item in recorded if item.step == step]
    left = [] if step in closings else left_to_study(run, step, (item.offer_id for item in mine))
    closing = closings.get(step)
    waits = step is Step.BUY and Step.MUTUALISE not in closings
    return StepView(
        step,
        str(STEPS[step]),
        (*(_to_study(found, known) for found in left), *(_studied(item) for item in mine)),
        len(left),
        Step.MUTUALISE if waits else None,
        closing.closed_by.name if closing and closing.closed_by else "",
        closing.closed_at if closing else None,
        closing is not None and closing.need_version != need.version,
    )


def _to_study(found: ToStudy, known: Mapping[str, Criterion]) -> Candidate:
    offer = found.offer
    missing = missing_of(found.lacking, offer, known)
    return Candidate(offer.id, offer.name, offer.slug, _provider(offer), offer.summary, None, missing=missing)


def _studied(item: Consideration) -> Candidate:
    told = str(SET_ASIDE[item.reason]) if item.reason else str(OUTCOMES[item.outcome])
    return Candidate(
        item.offer_id,
        item.offer.name,
        item.offer.slug,
        _provider(item.offer),
        item.offer.summary,
        item.outcome,
        told,
        item.detail,
        item.decided_by.name if item.decided_by else "",
        item.decided_at,
        item.reason,
        item.offer_version != item.offer.version,
    )


def _provider(offer: Offer) -> str:
    return offer.organisation.name if offer.organisation else offer.source
