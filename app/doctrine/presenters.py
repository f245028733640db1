"""What the pages of the three steps show, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core.i18n import format_date
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.doctrine.engine import Answers, Finding, Harm, NoteContent, Result, Route, harms_of, result_on
from app.doctrine.enums import Ground, Outcome, SetAside, Step, Way
from app.doctrine.models import Consideration, Determination, Development, StepClosing
from app.doctrine.queries import closings_of, considerations_of, find_development, left_to_study
from app.matchmaking.models import MatchRun, Proposal
from app.matchmaking.queries import get_run
from app.needs.models import Need
from app.offers.models import Offer

STEPS: Mapping[Step, object] = {
    Step.MUTUALISE: _l("Mutualiser : les solutions de l’État"),
    Step.BUY: _l("Acheter sur étagère : le marché et les logiciels libres"),
    Step.DEVELOP: _l("Développer, si rien ne convient"),
}
OUTCOMES: Mapping[Outcome, object] = {
    Outcome.RETAINED: _l("Retenue"),
    Outcome.SET_ASIDE: _l("Écartée"),
}
SET_ASIDE: Mapping[SetAside, object] = {
    SetAside.NEED: _l("Ne répond pas au besoin"),
    SetAside.SECURITY: _l("Garanties de sécurité insuffisantes"),
    SetAside.COST: _l("Coût complet trop élevé"),
    SetAside.LEAD_TIME: _l("Délai de mise en service trop long"),
    SetAside.DURABILITY: _l("Pérennité insuffisante"),
    SetAside.INTEROPERABILITY: _l("Ne s’insère pas dans l’existant"),
    SetAside.UNAVAILABLE: _l("Pas accessible à notre administration"),
    SetAside.OTHER: _l("Autre motif, à préciser"),
}
GROUNDS: Mapping[Ground, object] = {
    Ground.COST: _l("Le coût"),
    Ground.SECURITY: _l("La sécurité"),
    Ground.DURABILITY: _l("La pérennité"),
    Ground.NEED: _l("L’adéquation au besoin"),
    Ground.LEAD_TIME: _l("Le délai"),
    Ground.NOTHING_FITS: _l("Aucune solution ne répond à ce besoin"),
}
WAYS: Mapping[Way, object] = {
    Way.IN_HOUSE: _l("Faire : nos équipes développent"),
    Way.CONTRACTED: _l("Faire faire : un prestataire développe"),
    Way.MIXED: _l("Faire avec : nos équipes et un prestataire"),
}
ROUTES: Mapping[Route, object] = {
    Route.NO_PUBLICITY: _l("Marché sans publicité ni mise en concurrence préalables, en raison du montant"),
    Route.INNOVATIVE: _l("Achat innovant, sans publicité ni mise en concurrence préalables"),
    Route.INNOVATIVE_DEFENCE: _l("Achat innovant de défense ou de sécurité"),
    Route.ADAPTED: _l("Procédure adaptée"),
    Route.FORMAL: _l("Procédure formalisée"),
    Route.NEGOTIATED: _l(
        "Procédure avec négociation : le besoin ne peut être satisfait sans adapter l’existant"
    ),
    Route.DINUM_OPINION: _l("Avis conforme de la DINUM, en raison du montant du projet"),
}


HARMS: Mapping[Harm, object] = {
    Harm.PUBLIC_ORDER: _l("à l’ordre public"),
    Harm.PUBLIC_SAFETY: _l("à la sécurité publique"),
    Harm.HEALTH_OR_LIFE: _l("à la santé ou à la vie des personnes"),
    Harm.INTELLECTUAL_PROPERTY: _l("à la propriété intellectuelle"),
}
RESULTS: Mapping[Result, object] = {
    Result.REQUIRED: _l("Hébergement SecNumCloud exigé"),
    Result.DEROGATION: _l("Hébergement SecNumCloud exigé à la fin de la dérogation"),
    Result.NOT_CONCERNED: _l("Article 31 non applicable"),
}


@dataclass(frozen=True, slots=True)
class DeterminationView:
    """A determination in words, its result being that of the day asked."""

    number: int
    result: str
    binds: bool
    reasons: str
    harms: tuple[str, ...]
    derogation: str
    derogation_until: date | None
    owner: str
    signed_on: date
    need_version: int
    law: tuple[tuple[str, str], ...]


def determination_view(row: Determination, day: date) -> DeterminationView:
    """What was signed, and what it asks on `day`."""
    answers = Answers(
        row.uses_commercial_cloud, row.is_body_in_scope, harms_of(row.harms), row.derogation_until
    )
    result = result_on(answers, day)
    return DeterminationView(
        row.number,
        str(RESULTS[result]),
        result is Result.REQUIRED,
        row.reasons,
        tuple(str(HARMS[harm]) for harm in Harm if harm in answers.harms),
        row.derogation,
        row.derogation_until,
        f"{row.owner_name}, {row.owner_function}",
        row.signed_on,
        row.need_version,
        tuple((reference, value) for reference, value in row.law),
    )


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
    steps = tuple(_step(need, step, run, recorded, closings) for step in (Step.MUTUALISE, Step.BUY))
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


def _step(
    need: Need,
    step: Step,
    run: MatchRun | None,
    recorded: Sequence[Consideration],
    closings: Mapping[Step, StepClosing],
) -> StepView:
    mine = [item for item in recorded if item.step == step]
    left = [] if step in closings else left_to_study(run, step, (item.offer_id for item in mine))
    closing = closings.get(step)
    waits = step is Step.BUY and Step.MUTUALISE not in closings
    return StepView(
        step,
        str(STEPS[step]),
        (*(_to_study(proposal) for proposal in left), *(_studied(item) for item in mine)),
        len(left),
        Step.MUTUALISE if waits else None,
        closing.closed_by.name if closing and closing.closed_by else "",
        closing.closed_at if closing else None,
        closing is not None and closing.need_version != need.version,
    )


def _to_study(proposal: Proposal) -> Candidate:
    return _candidate(proposal.offer, None)


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


def _candidate(offer: Offer, outcome: Outcome | None) -> Candidate:
    return Candidate(offer.id, offer.name, offer.slug, _provider(offer), offer.summary, outcome)


def _provider(offer: Offer) -> str:
    return offer.organisation.name if offer.organisation else offer.source


@dataclass(frozen=True, slots=True)
class RouteLine:
    """One route to purchase in words: whether it applies, its threshold and text, and how sure the row is."""

    title: str
    verdict: str
    applies: bool | None
    threshold: str
    reference: str
    valid_from: date | None
    source: str
    is_confirmed: bool


def route_lines(findings: Sequence[Finding]) -> tuple[RouteLine, ...]:
    return tuple(
        RouteLine(
            str(ROUTES[finding.route]),
            _verdict(finding),
            finding.applies,
            _threshold(finding),
            finding.parameter.reference,
            finding.parameter.valid_from,
            finding.parameter.source,
            finding.parameter.confidence == "high",
        )
        for finding in findings
    )


def _verdict(finding: Finding) -> str:
    if finding.applies is None:
        return _("Selon le montant")
    return _("Ouverte") if finding.applies else _("Non concernée")


def _threshold(finding: Finding) -> str:
    if finding.parameter.value is None or finding.route is Route.ADAPTED:
        return ""
    amount = f"{finding.parameter.value:,.0f}".replace(",", "\u202f")
    unit = _("€ TTC") if finding.route is Route.DINUM_OPINION else _("€ HT")
    below = finding.route in {Route.NO_PUBLICITY, Route.INNOVATIVE, Route.INNOVATIVE_DEFENCE}
    return f"{_('moins de') if below else _('à partir de')} {amount}\u00a0{unit}"


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
