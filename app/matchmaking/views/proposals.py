"""Proposals of a need, and how many offers the criteria being chosen leave."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.errors import RuleBroken, Unavailable
from app.core.jobs import is_under_way
from app.core.jobs.health import is_worked
from app.matchmaking.engine import engine
from app.matchmaking.presenters.changes import change_lines
from app.matchmaking.presenters.figures import addends
from app.matchmaking.presenters.kept_out import fewest_first, kept_out
from app.matchmaking.presenters.proposals import ProposalPage, proof_of, remedy_text
from app.matchmaking.presenters.signals import signal_labels
from app.matchmaking.presenters.words import STANDINGS, source_label, steadiness
from app.matchmaking.queries import shortlist_of, verdicts_of
from app.matchmaking.queries.objectives import weights_of
from app.matchmaking.queries.runs import kept_out_of
from app.matchmaking.services import proposals as runs
from app.matchmaking.views.blueprint import blueprint, need_for
from app.needs.enums import RequiredLevel, effective_requirements
from app.needs.forms import PREFIX
from app.offers.enums import OfferKind
from app.offers.queries import published_offers
from app.permissions import Permission
from app.reference.queries import criteria, objectives
from app.web.access import current_actor, requires
from app.web.errors import wants_fragment


@blueprint.get("/besoins/<int:need_id>/propositions")
@requires(Permission.PROPOSAL_READ)
def proposals(need_id: int) -> str | Response:
    need = need_for(need_id, Permission.PROPOSAL_READ)
    run = runs.run_of_the_day(need)
    is_coming = run is None and is_under_way("refresh_runs")
    if wants_fragment():  # the page of a search under way asks whether it has ended
        if is_coming:
            return render_template("matchmaking/coming.html", need=need, is_worked=is_worked())
        return Response(headers={"HX-Refresh": "true"})
    known = {criterion.key: criterion for criterion in criteria()}
    near_ids = [miss["offer_id"] for miss in run.near_misses] if run else []
    page = ProposalPage(
        run=run,
        criteria=known,
        kept=kept_out(kept_out_of(run), known),
        near_offers={offer.id: offer for offer in published_offers(near_ids)},
        shortlisted={entry.offer_id for entry in shortlist_of(need.id)},
        verdicts=verdicts_of(need.id),
    )
    nine = {objective.key: objective for objective in objectives()}
    return render_template(
        "matchmaking/proposals.html",
        need=need,
        run=run,
        is_coming=is_coming,
        is_worked=is_coming and is_worked(),
        page=page,
        kinds=list(OfferKind),
        objectives=nine,
        weights=weights_of(need.id),
        run_weights=runs.weights_in(run) if run else {},
        sum_of=partial(addends, label=signal_labels(nine)),
        source_label=partial(source_label, criteria=page.criteria),
        standings=STANDINGS,
        steadiness=steadiness,
        proof_of=proof_of,
        remedy=remedy_text,
        fewest_first=fewest_first,
        changes=change_lines(run, {key: row.label for key, row in page.criteria.items()}) if run else (),
    )


@blueprint.post("/besoins/<int:need_id>/propositions")
@requires(Permission.PROPOSAL_READ)
def refresh(need_id: int) -> Response:
    need = need_for(need_id, Permission.PROPOSAL_READ)
    try:
        runs.propose_offers(current_actor(), need)
    except (RuleBroken, Unavailable) as error:
        flash(error.message, "error")
    return redirect(url_for("matchmaking.proposals", need_id=need_id))


@blueprint.post("/besoins/criteres/compte")
@requires(Permission.NEED_CREATE)
def count_eligible() -> str:
    """How many offers of each kind the criteria of the form being filled leave."""
    known = {criterion.key: criterion for criterion in criteria()}
    asked = {
        key: RequiredLevel(level)
        for key in known
        if (level := request.form.get(PREFIX + key, "")) in {item.value for item in RequiredLevel}
    }
    sensitive = bool(request.form.get("sensitive_data"))
    required = effective_requirements(asked, sensitive_data=sensitive)
    counts = {kind: engine().count_eligible(required, [kind.value]) for kind in OfferKind}
    template = "matchmaking/count.html" if wants_fragment() else "matchmaking/count_page.html"
    return render_template(template, counts=counts, kinds=list(OfferKind), criteria=known)
