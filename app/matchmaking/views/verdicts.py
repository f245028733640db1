"""What an ambassador thinks of a proposal: given, changed, taken back."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.core.i18n import gettext as _
from app.matchmaking.services import verdicts
from app.matchmaking.views.blueprint import blueprint, need_for
from app.offers.queries import get_offer
from app.permissions import Permission
from app.web.access import current_actor, requires


@blueprint.post("/besoins/<int:need_id>/propositions/<int:offer_id>/avis")
@requires(Permission.SHORTLIST_EDIT)
def judge(need_id: int, offer_id: int) -> Response:
    need, actor = need_for(need_id, Permission.SHORTLIST_EDIT), current_actor()
    verdicts.give_verdict(
        actor,
        need,
        get_offer(actor, offer_id),
        useful=request.form.get("utile") == "oui",
        run_id=request.form.get("recherche", type=int),
    )
    flash(_("Merci : votre avis est enregistré."), "success")
    return redirect(url_for("matchmaking.proposals", need_id=need_id, _anchor=f"offre-{offer_id}"))


@blueprint.post("/besoins/<int:need_id>/propositions/<int:offer_id>/avis/retirer")
@requires(Permission.SHORTLIST_EDIT)
def withdraw_verdict(need_id: int, offer_id: int) -> Response:
    need = need_for(need_id, Permission.SHORTLIST_EDIT)
    verdicts.withdraw_verdict(current_actor(), need, offer_id)
    flash(_("Votre avis est retiré."), "success")
    return redirect(url_for("matchmaking.proposals", need_id=need_id, _anchor=f"offre-{offer_id}"))
