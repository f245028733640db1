"""What an ambassador keeps of proposals: the shortlist and its notes."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.i18n import gettext as _
from app.matchmaking.queries import shortlist_of
from app.matchmaking.services import selection
from app.matchmaking.views.blueprint import blueprint, need_for
from app.offers.queries import get_offer
from app.permissions import Permission
from app.web.access import current_actor, requires


@blueprint.get("/besoins/<int:need_id>/selection")
@requires(Permission.PROPOSAL_READ)
def shortlist(need_id: int) -> str:
    need = need_for(need_id, Permission.PROPOSAL_READ)
    return render_template("matchmaking/shortlist.html", need=need, entries=shortlist_of(need.id))


@blueprint.post("/besoins/<int:need_id>/selection/<int:offer_id>")
@requires(Permission.SHORTLIST_EDIT)
def add_to_shortlist(need_id: int, offer_id: int) -> Response:
    need, actor = need_for(need_id, Permission.SHORTLIST_EDIT), current_actor()
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
    need = need_for(need_id, Permission.SHORTLIST_EDIT)
    selection.annotate(current_actor(), need, offer_id, note=request.form.get("note", "").strip())
    flash(_("La note est enregistrée."), "success")
    return redirect(url_for("matchmaking.shortlist", need_id=need_id))


@blueprint.post("/besoins/<int:need_id>/selection/<int:offer_id>/retirer")
@requires(Permission.SHORTLIST_EDIT)
def remove_from_shortlist(need_id: int, offer_id: int) -> str:
    need = need_for(need_id, Permission.SHORTLIST_EDIT)
    note = selection.remove_from_shortlist(current_actor(), need, offer_id)
    removed = get_offer(current_actor(), offer_id)
    entries = shortlist_of(need.id)
    return render_template(
        "matchmaking/shortlist.html", need=need, entries=entries, removed=removed, removed_note=note
    )
