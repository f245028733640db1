"""The three steps of a need: study, close, open again, develop; and the route to purchase."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.core.clock import today
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.doctrine import services
from app.doctrine.enums import Step
from app.doctrine.forms import ConsiderForm, DevelopForm, RouteForm
from app.doctrine.presenters import STEPS, RouteLine, procedure_of, route_lines
from app.doctrine.queries import considerations_of, find_development, notes_of
from app.doctrine.views.blueprint import blueprint, need_for
from app.offers.queries import get_offer
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page

Answer = str | Response | tuple[str, int]


@blueprint.get("/besoins/<int:need_id>/demarche")
@requires(Permission.DOCTRINE_READ)
def procedure(need_id: int) -> str:
    need = need_for(need_id, Permission.DOCTRINE_READ)
    return render_template(
        "doctrine/procedure.html", need=need, view=procedure_of(need), notes=notes_of(need.id), Step=Step
    )


@blueprint.route("/besoins/<int:need_id>/demarche/solutions/<int:offer_id>", methods=["GET", "POST"])
@requires(Permission.DOCTRINE_DECIDE)
def consider(need_id: int, offer_id: int) -> Answer:
    need = need_for(need_id, Permission.DOCTRINE_DECIDE)
    offer = get_offer(current_actor(), offer_id)
    said = next((item for item in considerations_of(need.id) if item.offer_id == offer.id), None)
    form = ConsiderForm(obj=said).with_choices()
    if form.validate_on_submit():
        outcome, reason = form.decision()
        try:
            services.consider(
                current_actor(), need, offer, outcome=outcome, reason=reason, detail=form.detail.data or ""
            )
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("C’est noté pour « %(name)s ».", name=offer.name), "success")
            return _back(need_id)
    return form_page("doctrine/consider.html", form=form, need=need, offer=offer, said=said)


@blueprint.post("/besoins/<int:need_id>/demarche/solutions/<int:offer_id>/oublier")
@requires(Permission.DOCTRINE_DECIDE)
def forget(need_id: int, offer_id: int) -> Response:
    need = need_for(need_id, Permission.DOCTRINE_DECIDE)
    offer = get_offer(current_actor(), offer_id)
    services.forget(current_actor(), need, offer)
    flash(_("« %(name)s » est de nouveau à étudier.", name=offer.name), "success")
    return _back(need_id)


@blueprint.post("/besoins/<int:need_id>/demarche/etapes/<int:number>/clore")
@requires(Permission.DOCTRINE_DECIDE)
def close_step(need_id: int, number: int) -> Response:
    need, step = need_for(need_id, Permission.DOCTRINE_DECIDE), _step(number)
    services.close_step(current_actor(), need, step)
    flash(_("L’étape %(number)s est close.", number=number), "success")
    return _back(need_id)


@blueprint.route("/besoins/<int:need_id>/demarche/etapes/<int:number>/rouvrir", methods=["GET", "POST"])
@requires(Permission.DOCTRINE_DECIDE)
def reopen_step(need_id: int, number: int) -> Answer:
    need, step = need_for(need_id, Permission.DOCTRINE_DECIDE), _step(number)
    if request.method == "GET":
        return render_template("doctrine/reopen.html", need=need, step=step, title=STEPS[step])
    services.reopen_step(current_actor(), need, step)
    flash(_("L’étape %(number)s est rouverte.", number=number), "success")
    return _back(need_id)


@blueprint.route("/besoins/<int:need_id>/demarche/developper", methods=["GET", "POST"])
@requires(Permission.DOCTRINE_DECIDE)
def develop(need_id: int) -> Answer:
    need = need_for(need_id, Permission.DOCTRINE_DECIDE)
    if not procedure_of(need).can_develop:
        flash(_("Le développement ne s’ouvre qu’une fois les étapes 1 et 2 closes sans solution."), "warning")
        return _back(need_id)
    form = DevelopForm().with_choices()
    if form.validate_on_submit():
        ground, way = form.grounds()
        text = form.justification.data or ""
        try:
            services.open_development(current_actor(), need, ground=ground, justification=text, way=way)
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("L’étape 3 est ouverte : l’article R. 2124-3 1° permet la négociation."), "success")
            return _back(need_id)
    return form_page("doctrine/develop.html", form=form, need=need)


@blueprint.get("/besoins/<int:need_id>/demarche/achat")
@requires(Permission.DOCTRINE_READ)
def route(need_id: int) -> Answer:
    """Which procedures the law of today opens for an amount."""
    need = need_for(need_id, Permission.DOCTRINE_READ)
    form = RouteForm(request.args)
    lines: tuple[RouteLine, ...] = ()
    if form.validate():
        opened = find_development(need.id) is not None
        purchase = form.purchase(is_state=services.buys_as_state(need), opens_development=opened)
        lines = route_lines(services.routes_on(today(), purchase))
    return form_page("doctrine/route.html", form=form, need=need, lines=lines, day=today())


def _step(number: int) -> Step:
    if number not in {Step.MUTUALISE, Step.BUY}:
        raise NotFound
    return Step(number)


def _back(need_id: int) -> Response:
    return redirect(url_for("doctrine.procedure", need_id=need_id))
