"""What waits for moderators, and their decisions about organisations, offers, needs and accounts."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.errors import NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.moderation.enums import Decision, SubjectKind
from app.moderation.forms.subjects import DecisionForm
from app.moderation.queries.subjects import (
    Subject,
    accounts_named,
    get_subject,
    owner_of,
    people_of,
    queue_of,
    twins_of,
)
from app.moderation.services.subjects import allowed, decide, name_of_subject
from app.moderation.views.blueprint import blueprint
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page


@blueprint.get("/moderation/dossiers")
@requires(Permission.SUBJECT_MODERATE)
def subjects() -> str:
    return render_template("moderation/subjects.html", queue=queue_of(current_actor()))


@blueprint.get("/moderation/comptes")
@requires(Permission.SUBJECT_MODERATE)
def accounts() -> str:
    text = request.args.get("q", "")
    return render_template("moderation/accounts.html", text=text, found=accounts_named(current_actor(), text))


@blueprint.route("/moderation/dossiers/<kind>/<int:subject_id>", methods=["GET", "POST"])
@requires(Permission.SUBJECT_MODERATE)
def subject(kind: str, subject_id: int) -> str | Response | tuple[str, int]:
    if kind not in set(SubjectKind):
        raise NotFound
    found = get_subject(current_actor(), SubjectKind(kind), subject_id)
    form = DecisionForm(decisions=allowed(found))
    if form.validate_on_submit():
        try:
            decide(current_actor(), found, Decision(form.decision.data), reason=form.reason.data or "")
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("La décision est enregistrée ; la personne concernée en est prévenue."), "success")
            return redirect(url_for("moderation.subjects"))
    return _page(form, SubjectKind(kind), found)


def _page(form: DecisionForm, kind: SubjectKind, found: Subject) -> tuple[str, int]:
    owner = owner_of(found)
    return form_page(
        "moderation/subject.html",
        form=form,
        kind=kind.value,
        subject=found,
        name=name_of_subject(found),
        owner=owner,
        people=people_of(owner) if owner is not None else [],
        twins=twins_of(found),
    )
