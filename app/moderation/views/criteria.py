"""Hard criteria as data: listed, added, changed, retired, without touching the engine."""

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.claims.presenters import value_text
from app.content.forms import expected_revision, written
from app.content.presenters import conflict_page
from app.content.services import EditConflict, Seen
from app.content.views import seen_now
from app.core.db import rollback
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.moderation.forms.criteria import CriterionForm, criterion_form
from app.moderation.queries.criteria import Usage, history_of_criterion, usage_by_criterion
from app.moderation.views.blueprint import blueprint
from app.permissions import Permission
from app.reference import services
from app.reference.queries import attributes, criteria, get_criterion
from app.reference.services import CRITERION
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page

if TYPE_CHECKING:
    from app.reference.models import Criterion

Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/moderation/referentiels/criteres")
@requires(Permission.CRITERION_EDIT)
def criteria_list() -> str:
    return render_template(
        "moderation/criteria.html", criteria=criteria(), usage=usage_by_criterion(), unused=Usage()
    )


@blueprint.route("/moderation/referentiels/criteres/nouveau", methods=["GET", "POST"])
@requires(Permission.CRITERION_EDIT)
def add_criterion() -> Page:
    known = criteria()
    form = criterion_form(
        others=known,
        attributes=attributes(),
        data={"position": max((row.position for row in known), default=-1) + 1},
    )
    if form.validate_on_submit():
        try:
            added = services.add_criterion(current_actor(), **form.answers())
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(
                _(
                    "Le critère « %(name)s » est ajouté : il s’atteste et s’exige dès maintenant.",
                    name=added.label,
                ),
                "success",
            )
            return redirect(url_for("moderation.criteria_list"))
    return form_page("moderation/criterion.html", form=form, criterion=None)


@blueprint.route("/moderation/referentiels/criteres/<key>", methods=["GET", "POST"])
@requires(Permission.CRITERION_EDIT)
def edit_criterion(key: str) -> Page:
    found = get_criterion(key)
    form = _form(found)
    if form.validate_on_submit():
        seen = form.seen(CRITERION, found)
        try:
            services.edit_criterion(current_actor(), found, written(form, CRITERION, seen), seen=seen)
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        except EditConflict as error:
            return _conflict(key, error)
        else:
            flash(_("Le critère est enregistré."), "success")
            return redirect(url_for("moderation.criteria_list"))
    return form_page("moderation/criterion.html", form=form, **_about(found))


@blueprint.route("/moderation/referentiels/criteres/<key>/retirer", methods=["GET", "POST"])
@requires(Permission.CRITERION_EDIT)
def retire_criterion(key: str) -> Page:
    """The page says what uses the criterion; the button carries the revision the person read."""
    found = get_criterion(key)
    if request.method == "GET":
        usage = usage_by_criterion().get(key, Usage())
        return render_template("moderation/retire_criterion.html", criterion=found, usage=usage)
    services.retire_criterion(current_actor(), found, revision=expected_revision() or 0)
    flash(_("Le critère « %(name)s » est retiré des formulaires.", name=found.label), "success")
    return redirect(url_for("moderation.criteria_list"))


@blueprint.post("/moderation/referentiels/criteres/<key>/reactiver")
@requires(Permission.CRITERION_EDIT)
def reactivate_criterion(key: str) -> Page:
    found = get_criterion(key)
    services.reactivate_criterion(current_actor(), found)
    flash(_("Le critère « %(name)s » est de nouveau proposé.", name=found.label), "success")
    return redirect(url_for("moderation.criteria_list"))


def _form(found: "Criterion", seen: Seen | None = None, **options: Any) -> CriterionForm:
    """Filled with what was typed or, where nothing was, with what is stored (or as `seen` says)."""
    others = [row for row in criteria() if row.key != found.key]
    return criterion_form(seen or seen_now(CRITERION, found), others=others, **options)


def _conflict(key: str, error: EditConflict) -> tuple[str, int]:
    """Somebody saved first: both their changes and ours in the form, to be read and saved."""
    rollback()
    found = get_criterion(key)
    form = _form(found, Seen(found.revision, error.merge.content), formdata=None)
    form.now_seen(seen_now(CRITERION, found))
    page = conflict_page(CRITERION, error.merge)
    return render_template("moderation/criterion.html", form=form, conflict=page, **_about(found)), 409


def _about(found: "Criterion") -> dict[str, object]:
    return {
        "criterion": found,
        "operand": value_text(found.attribute, found.operand),
        "implied": [row for row in criteria() if found.key in row.implied_by],
        "history": history_of_criterion(found.key),
    }
