"""Hard criteria as data: listed, added, changed, retired, without touching the engine."""

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.claims.presenters import value_text
from app.core.db import rollback
from app.core.errors import Conflict, RuleBroken
from app.core.i18n import gettext as _
from app.moderation.forms.criteria import CriterionForm, criterion_form
from app.moderation.queries.criteria import Usage, history_of_criterion, usage_by_criterion
from app.moderation.views.blueprint import blueprint
from app.permissions import Permission
from app.reference import services
from app.reference.queries import attributes, criteria, get_criterion
from app.web.access import current_actor, requires
from app.web.conflicts import differences
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
        try:
            version = form.expected_version()
            services.edit_criterion(current_actor(), found, expected_version=version, **form.answers())
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        except Conflict:
            return _conflict(form, key)
        else:
            flash(_("Le critère est enregistré."), "success")
            return redirect(url_for("moderation.criteria_list"))
    return form_page("moderation/criterion.html", form=form, **_about(found))


@blueprint.route("/moderation/referentiels/criteres/<key>/retirer", methods=["GET", "POST"])
@requires(Permission.CRITERION_EDIT)
def retire_criterion(key: str) -> Page:
    """The page says what uses the criterion; the button carries the version the person read."""
    found = get_criterion(key)
    if request.method == "GET":
        usage = usage_by_criterion().get(key, Usage())
        return render_template("moderation/retire_criterion.html", criterion=found, usage=usage)
    version = request.form.get("version", 0, type=int)
    services.retire_criterion(current_actor(), found, expected_version=version)
    flash(_("Le critère « %(name)s » est retiré des formulaires.", name=found.label), "success")
    return redirect(url_for("moderation.criteria_list"))


@blueprint.post("/moderation/referentiels/criteres/<key>/reactiver")
@requires(Permission.CRITERION_EDIT)
def reactivate_criterion(key: str) -> Page:
    found = get_criterion(key)
    services.reactivate_criterion(current_actor(), found)
    flash(_("Le critère « %(name)s » est de nouveau proposé.", name=found.label), "success")
    return redirect(url_for("moderation.criteria_list"))


def _form(found: "Criterion", *, stored: bool = False) -> CriterionForm:
    """Filled with what was typed or, when `stored`, with what is stored."""
    options: dict[str, Any] = {"formdata": None} if stored else {}
    return criterion_form(found, others=[row for row in criteria() if row.key != found.key], **options)


def _conflict(form: CriterionForm, key: str) -> tuple[str, int]:
    rollback()
    found = get_criterion(key)
    compared = differences(form, _form(found, stored=True))
    form.version.data = str(found.version)
    page = render_template(
        "moderation/criterion.html", form=form, differences=compared, conflict=True, **_about(found)
    )
    return page, 409


def _about(found: "Criterion") -> dict[str, object]:
    return {
        "criterion": found,
        "operand": value_text(found.attribute, found.operand),
        "implied": [row for row in criteria() if found.key in row.implied_by],
        "history": history_of_criterion(found.key),
    }
