"""Pages of needs: public list and page, an ambassador's own needs, the form."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.queries import get_organisation, organisations_where
from app.core.errors import Conflict, RuleBroken
from app.core.i18n import gettext as _
from app.needs import services
from app.needs.forms import CATEGORY_FIELDS, PREFIX, NeedForm, need_form
from app.needs.queries import count_public_needs, get_need, needs_of, public_needs
from app.permissions import Permission, Role, require_visible
from app.reference.queries import active_criteria, category_choices, divisions
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page

if TYPE_CHECKING:
    from app.needs.models import Need

blueprint = Blueprint("needs", __name__)
PAGE_SIZE = 20


@blueprint.get("/besoins")
@requires(Permission.NEED_READ)
def browse() -> str:
    text, category = request.args.get("q", "").strip(), request.args.get("categorie", "")
    page = max(1, request.args.get("page", 1, type=int))
    total = count_public_needs(text=text, category=category)
    found = public_needs(text=text, category=category, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    return render_template(
        "needs/browse.html",
        needs=found,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE_SIZE)),
        text=text,
        category=category,
        divisions=divisions(),
    )


@blueprint.get("/mes-besoins")
@requires(Permission.NEED_CREATE)
def mine() -> str:
    return render_template("needs/mine.html", needs=needs_of(current_actor()))


@blueprint.get("/besoins/<int:need_id>")
@requires(Permission.NEED_READ)
def need(need_id: int) -> str:
    return render_template("needs/need.html", need=get_need(current_actor(), need_id))


@blueprint.route("/besoins/nouveau", methods=["GET", "POST"])
@requires(Permission.NEED_CREATE)
def create() -> str | Response | tuple[str, int]:
    form = _form()
    if form.validate_on_submit():
        try:
            organisation = get_organisation(form.organisation_id.data)
            created = services.create_need(current_actor(), organisation=organisation, **form.answers())
            return _saved(created)
        except RuleBroken as error:
            _attach(form, error)
    return form_page("needs/form.html", form=form, need=None)


@blueprint.route("/besoins/<int:need_id>/modifier", methods=["GET", "POST"])
@requires(Permission.NEED_EDIT)
def edit(need_id: int) -> str | Response | tuple[str, int]:
    found = _editable(need_id)
    form = _form(found)
    if form.validate_on_submit():
        try:
            version = int(form.version.data or 0)
            services.edit_need(current_actor(), found, expected_version=version, **form.answers())
            return _saved(found)
        except RuleBroken as error:
            _attach(form, error)
        except Conflict as error:
            return _conflict(form, need_id, error)
    return form_page("needs/form.html", form=form, need=found)


@blueprint.route("/besoins/<int:need_id>/publier", methods=["POST"])
@requires(Permission.NEED_EDIT)
def publish(need_id: int) -> Response:
    found = _editable(need_id)
    try:
        services.publish_need(current_actor(), found)
    except RuleBroken as error:
        flash(error.message, "error")
        return redirect(url_for("needs.edit", need_id=need_id))
    flash(_("Le besoin est publié : les solutions proposées sont prêtes dans un instant."), "success")
    return redirect(url_for("needs.need", need_id=need_id))


@blueprint.route("/besoins/<int:need_id>/clore", methods=["GET", "POST"])
@requires(Permission.NEED_EDIT)
def close(need_id: int) -> str | Response:
    found = _editable(need_id)
    if request.method == "GET":
        return render_template("needs/close.html", need=found)
    services.close_need(current_actor(), found)
    flash(_("Le besoin est clos. Vous pouvez le publier de nouveau à tout moment."), "success")
    return redirect(url_for("needs.need", need_id=need_id))


@blueprint.route("/besoins/<int:need_id>/supprimer", methods=["GET", "POST"])
@requires(Permission.NEED_EDIT)
def delete(need_id: int) -> str | Response:
    found = _editable(need_id)
    if request.method == "GET":
        return render_template("needs/delete.html", need=found)
    services.delete_draft(current_actor(), found)
    flash(_("Le brouillon est supprimé."), "success")
    return redirect(url_for("needs.mine"))


def _editable(need_id: int) -> "Need":
    """The need, as if it did not exist for who may not edit it."""
    found = get_need(current_actor(), need_id)
    require_visible(current_actor(), Permission.NEED_EDIT, on=found)
    return found


def _form(found: "Need | None" = None) -> NeedForm:
    initial: dict[str, Any] = {}
    if found is not None:
        initial = {name: getattr(found, name) for name in NeedForm.COPIED}
        initial |= {PREFIX + row.criterion_key: row.level.value for row in found.requirements}
        initial |= dict(zip(CATEGORY_FIELDS, [category.code for category in found.categories], strict=False))
    choices = category_choices()
    listed = {code for code, _label in choices}
    kept = [(c.code, c.label) for c in (found.categories if found else ()) if c.code not in listed]
    organisations = organisations_where(current_actor(), Role.AMBASSADOR)
    return need_form(
        criteria=active_criteria(keep=[row.criterion_key for row in found.requirements] if found else ()),
        categories=[*choices, *kept],
        organisations=[(organisation.id, organisation.name) for organisation in organisations],
        initial=initial,
    )


def _saved(found: "Need") -> Response:
    """After saving: publish at once when the button said so, else show the draft."""
    if request.form.get("then") == "publish" and found.published_at is None:
        services.publish_need(current_actor(), found)
        flash(_("Le besoin est publié : les solutions proposées sont prêtes dans un instant."), "success")
    else:
        flash(_("Le besoin est enregistré."), "success")
    return redirect(url_for("needs.need", need_id=found.id))


def _attach(form: NeedForm, error: RuleBroken) -> None:
    renamed = {"categories": CATEGORY_FIELDS[0], "organisation": "organisation_id"}
    attach_errors(form, {renamed.get(name, name): text for name, text in error.fields.items()}, error.message)


def _conflict(form: NeedForm, need_id: int, error: Conflict) -> tuple[str, int]:
    """Somebody saved first: show their text beside what was typed; saving again replaces it knowingly."""
    current = get_need(current_actor(), need_id)
    form.version.data = form.version.raw_data = None
    form.version.data = str(current.version)
    attach_errors(form, {}, error.message)
    return render_template("needs/form.html", form=form, need=current, theirs=current), 409
