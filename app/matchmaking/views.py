"""Pages of matching: proposals of a need, shortlist, verdicts, eligible count; a vendor's matching needs."""

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.matchmaking.engine import engine
from app.matchmaking.exports import ProposalPage
from app.matchmaking.queries import get_run, proposals_of_organisations, shortlist_of, verdicts_of
from app.matchmaking.services import proposals as runs
from app.matchmaking.services import selection
from app.needs.enums import RequiredLevel
from app.needs.forms import PREFIX
from app.needs.queries import get_need
from app.offers.enums import OfferKind
from app.offers.queries import get_offer, get_offer_by_slug, published_offers
from app.permissions import Permission, Role, require_visible
from app.reference.queries import criteria
from app.web.access import current_actor, requires
from app.web.errors import wants_fragment

if TYPE_CHECKING:
    from app.needs.models import Need

blueprint = Blueprint("matchmaking", __name__)


def _need(need_id: int, permission: Permission) -> "Need":
    found = get_need(current_actor(), need_id)
    require_visible(current_actor(), permission, organisation_id=found.organisation_id)
    return found


@blueprint.get("/besoins/<int:need_id>/propositions")
@requires(Permission.PROPOSAL_READ)
def proposals(need_id: int) -> str:
    need = _need(need_id, Permission.PROPOSAL_READ)
    run = get_run(need.id)
    near_ids = [miss["offer_id"] for miss in run.near_misses] if run else []
    page = ProposalPage(
        run=run,
        criteria={criterion.key: criterion for criterion in criteria()},
        near_offers={offer.id: offer for offer in published_offers(near_ids)},
        shortlisted={entry.offer_id for entry in shortlist_of(need.id)},
        verdicts=verdicts_of(need.id),
    )
    return render_template("matchmaking/proposals.html", need=need, run=run, page=page, kinds=list(OfferKind))


@blueprint.post("/besoins/<int:need_id>/propositions")
@requires(Permission.PROPOSAL_READ)
def refresh(need_id: int) -> Response:
    need = _need(need_id, Permission.PROPOSAL_READ)
    try:
        runs.propose_offers(current_actor(), need)
    except RuleBroken as error:
        flash(error.message, "error")
    return redirect(url_for("matchmaking.proposals", need_id=need_id))


@blueprint.get("/besoins/<int:need_id>/selection")
@requires(Permission.PROPOSAL_READ)
def shortlist(need_id: int) -> str:
    need = _need(need_id, Permission.PROPOSAL_READ)
    return render_template("matchmaking/shortlist.html", need=need, entries=shortlist_of(need.id))


@blueprint.post("/besoins/<int:need_id>/selection/<int:offer_id>")
@requires(Permission.SHORTLIST_EDIT)
def add_to_shortlist(need_id: int, offer_id: int) -> Response:
    need, actor = _need(need_id, Permission.SHORTLIST_EDIT), current_actor()
    offer = get_offer(actor, offer_id)
    selection.add_to_shortlist(actor, need, offer, note=request.form.get("note", ""))
    flash(_("« %(name)s » est dans votre sélection.", name=offer.name), "success")
    return redirect(
        (request.form.get("retour") == "selection" and url_for("matchmaking.shortlist", need_id=need_id))
        or url_for("matchmaking.proposals", need_id=need_id, _anchor=f"offre-{offer_id}")
    )


@blueprint.post("/besoins/<int:need_id>/selection/<int:offer_id>/note")
@requires(Permission.SHORTLIST_EDIT)
def annotate(need_id: int, offer_id: int) -> Response:
    need = _need(need_id, Permission.SHORTLIST_EDIT)
    selection.annotate(current_actor(), need, offer_id, note=request.form.get("note", "").strip())
    flash(_("La note est enregistrée."), "success")
    return redirect(url_for("matchmaking.shortlist", need_id=need_id))


@blueprint.post("/besoins/<int:need_id>/selection/<int:offer_id>/retirer")
@requires(Permission.SHORTLIST_EDIT)
def remove_from_shortlist(need_id: int, offer_id: int) -> str:
    need = _need(need_id, Permission.SHORTLIST_EDIT)
    note = selection.remove_from_shortlist(current_actor(), need, offer_id)
    removed = get_offer(current_actor(), offer_id)
    entries = shortlist_of(need.id)
    return render_template(
        "matchmaking/shortlist.html", need=need, entries=entries, removed=removed, removed_note=note
    )


@blueprint.post("/besoins/<int:need_id>/propositions/<int:offer_id>/avis")
@requires(Permission.SHORTLIST_EDIT)
def judge(need_id: int, offer_id: int) -> Response:
    need, actor = _need(need_id, Permission.SHORTLIST_EDIT), current_actor()
    selection.give_verdict(actor, need, get_offer(actor, offer_id), useful=request.form.get("utile") == "oui")
    flash(_("Merci : votre avis est enregistré."), "success")
    return redirect(url_for("matchmaking.proposals", need_id=need_id, _anchor=f"offre-{offer_id}"))


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
    counts = {kind: engine().count_eligible(asked, [kind.value]) for kind in OfferKind}
    template = "matchmaking/count.html" if wants_fragment() else "matchmaking/count_page.html"
    return render_template(template, counts=counts, criteria=known)


@blueprint.get("/offres/<slug>/proches")
@requires(Permission.CATALOGUE_READ)
def similar_offers(slug: str) -> str:
    offer = get_offer_by_slug(current_actor(), slug)
    near = engine().similar_offers(offer.id)
    offers = {other.id: other for other in published_offers([offer_id for offer_id, _score in near])}
    rows = [(offers[offer_id], cosine) for offer_id, cosine in near if offer_id in offers]
    return render_template("matchmaking/similar_offers.html", offer=offer, rows=rows)


@blueprint.get("/besoins-correspondants")
@requires(Permission.NEED_MATCHING_READ)
def matching_needs() -> str:
    found = proposals_of_organisations(current_actor().organisations(Role.VENDOR))
    return render_template("matchmaking/matching_needs.html", proposals=found)
