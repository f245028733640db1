"""Pages of needs: public list and page, an ambassador's own needs, the form."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.queries import get_organisation, organisations_where
from app.content.forms import expected_revision, publication, written
from app.content.presenters import conflict_page
from app.content.services import EditConflict, Seen
from app.content.views import Published, draft_state, publish_page, register, seen_now
from app.core.db import rollback
from app.core.errors import Conflict, RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.needs import services
from app.needs.enums import Audience
from app.needs.forms import NeedForm, need_form
from app.needs.presenters import parts_for, readers_of
from app.needs.queries import audience_of, get_need, hidden_fields, needs_of, public_needs
from app.needs.spec import NEED
from app.permissions import Permission, Role, can, require_visible
from app.reference.queries import active_criteria, category_choices, divisions
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page
from app.web.pagination import pager_of, part_asked

if TYPE_CHECKING:
    from app.needs.models import Need

Answer = str | Response | tuple[str, int]
blueprint = Blueprint("needs", __name__)
PAGE_SIZE = 20


@blueprint.get("/besoins")
@requires(Permission.NEED_READ)
def browse() -> str:
    text, category = request.args.get("q", "").strip(), request.args.get("categorie", "")
    found = public_needs(text=text, category=category, asked=part_asked(), size=PAGE_SIZE)
    return render_template(
        "needs/browse.html",
        needs=found.items,
        total=found.total,
        pager=pager_of(found),
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
    found = get_need(current_actor(), need_id)
    mine = can(current_actor(), Permission.NEED_EDIT, on=found)
    draft = draft_state(PAGES, found) if mine else None
    reader = audience_of(current_actor(), found)
    asked = request.args.get("vu_par", "")
    as_other = Audience(asked) if mine and asked in set(Audience) - {Audience.TEAM} else None
    return render_template(
        "needs/need.html",
        need=found,
        draft=draft,
        parts_read=parts_for(found, as_other or reader),
        reading_as=as_other.reader if as_other else "",
        audiences=[audience for audience in Audience if audience is not Audience.TEAM],
    )


@blueprint.route("/besoins/nouveau", methods=["GET", "POST"])
@requires(Permission.NEED_CREATE)
def create() -> Answer:
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
def edit(need_id: int) -> Answer:
    found = _editable(need_id)
    form = _form(found)
    if form.validate_on_submit():
        seen = form.seen(NEED, found)
        try:
            services.save_need(current_actor(), found, written(form, NEED, seen), seen=seen)
            return _saved(found)
        except RuleBroken as error:
            _attach(form, error)
        except EditConflict as error:
            return _conflict(need_id, error)
    return form_page("needs/form.html", form=form, need=found)


@blueprint.route("/besoins/<int:need_id>/publier", methods=["GET", "POST"])
@requires(Permission.NEED_EDIT)
def publish(need_id: int) -> Answer:
    found = _editable(need_id)
    if request.method == "GET":
        return publish_page(PAGES, found)
    try:
        nature, note = publication()
        revision = expected_revision()
        shown = services.publish_need(current_actor(), found, note=note, nature=nature, revision=revision)
    except RuleBroken as error:
        flash(error.message, "error")
        return redirect(url_for("needs.edit", need_id=need_id))
    except Conflict as error:
        return publish_page(PAGES, _editable_again(need_id), error.message)
    _say(shown)
    return redirect(url_for("needs.need", need_id=need_id))


@blueprint.post("/besoins/<int:need_id>/copier")
@requires(Permission.NEED_CREATE)
def copy(need_id: int) -> Response:
    copied = services.copy_need(current_actor(), _editable(need_id))
    flash(_("Voici une copie du besoin, en brouillon : adaptez-la, puis publiez."), "success")
    return redirect(url_for("needs.edit", need_id=copied.id))


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


def _editable_again(need_id: int) -> "Need":
    """The need as somebody else has just saved it."""
    rollback()
    return _editable(need_id)


def _form(found: "Need | None" = None, seen: Seen | None = None, **options: Any) -> NeedForm:
    """The form of a new need, or of `found` as its editors left it (or as `seen` says)."""
    if found is not None and seen is None:
        seen = seen_now(NEED, found)
    kept = NEED.load(seen.content)["requirements"] if seen is not None else ()
    organisations = {row.id: row.name for row in organisations_where(current_actor(), Role.AMBASSADOR)}
    if found is not None:
        organisations = {found.organisation_id: found.organisation.name}
    return need_form(
        criteria=active_criteria(keep=kept),
        categories=category_choices(),
        organisations=list(organisations.items()),
        seen=seen,
        organisation_id=found.organisation_id if found is not None else None,
        **options,
    )


def _say(shown: bool) -> None:
    if shown:
        flash(_("Le besoin est publié : les solutions proposées sont prêtes dans un instant."), "success")
    else:
        flash(_("Le besoin attend la modération : un courriel vous préviendra."), "info")


def _saved(found: "Need") -> Response:
    """After saving: on to the publication when the button said so, else show what was saved."""
    if request.form.get("then") == "publish":
        return redirect(url_for("needs.publish", need_id=found.id))
    elif found.version:
        flash(_("Le brouillon est enregistré : la version publiée ne change qu’à la publication."), "success")
    else:
        flash(_("Le besoin est enregistré."), "success")
    return redirect(url_for("needs.need", need_id=found.id))


def _attach(form: NeedForm, error: RuleBroken) -> None:
    renamed = {"organisation": "organisation_id"}
    attach_errors(form, {renamed.get(name, name): text for name, text in error.fields.items()}, error.message)


def _conflict(need_id: int, error: EditConflict) -> Answer:
    """Somebody saved first: both their changes and ours in the form, to be read and saved."""
    current = _editable_again(need_id)
    form = _form(current, Seen(current.revision, error.merge.content), formdata=None)
    form.now_seen(seen_now(NEED, current))
    page = render_template(
        "needs/form.html", form=form, need=current, conflict=conflict_page(NEED, error.merge)
    )
    return page, 409


PAGES = Published(
    spec=NEED,
    page=lambda found: url_for("needs.need", need_id=found.id),
    edit_page=lambda found: url_for("needs.edit", need_id=found.id),
    publish_page=lambda found: url_for("needs.publish", need_id=found.id),
    reading=Permission.NEED_READ,
    editing=Permission.NEED_EDIT,
    read=lambda actor, address: get_need(actor, address["need_id"]),
    edit=lambda _actor, address: _editable(address["need_id"]),
    form=_form,
    keep=services.autosave_need,
    drop=services.discard_draft,
    title=lambda found: found.title,
    hidden=hidden_fields,
    readers=readers_of,
    address=lambda found: {"need_id": found.id},
    substantive=_l("Ce que vous cherchez, exigez ou attendez."),
)
register(blueprint, "/besoins/<int:need_id>", PAGES)
