"""The team of an event."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.errors import NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.events.forms.team import TeamForm
from app.events.queries.events import get_event_to_run, team_of
from app.events.services.team import add_to_team, remove_from_team
from app.events.views.blueprint import blueprint
from app.permissions import Permission, can, require_visible
from app.web.access import current_actor, requires
from app.web.forms import attach_errors, form_page


@blueprint.route("/organisation-evenements/<slug>/equipe", methods=["GET", "POST"])
@requires(Permission.EVENT_MANAGE)
def team(slug: str) -> Response | tuple[str, int]:
    event, actor = get_event_to_run(current_actor(), slug), current_actor()
    edits, form = can(actor, Permission.EVENT_TEAM_EDIT, on=event), TeamForm()
    if request.method == "POST":
        require_visible(actor, Permission.EVENT_TEAM_EDIT, on=event)
    if form.validate_on_submit():
        try:
            add_to_team(actor, event, email=form.email.data or "")
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("%(to)s est de l’équipe, et en est prévenu.", to=form.email.data), "success")
            return redirect(url_for("events.team", slug=slug))
    return form_page("events/team.html", form=form, event=event, team=team_of(event), edits=edits)


@blueprint.route("/organisation-evenements/<slug>/equipe/<int:user_id>/retirer", methods=["GET", "POST"])
@requires(Permission.EVENT_TEAM_EDIT)
def remove_from_event_team(slug: str, user_id: int) -> str | Response:
    event = get_event_to_run(current_actor(), slug)
    require_visible(current_actor(), Permission.EVENT_TEAM_EDIT, on=event)
    if request.method == "GET":
        member = next((row for row in team_of(event) if row.user_id == user_id), None)
        if member is None:
            raise NotFound
        return render_template("events/remove_from_team.html", event=event, member=member)
    remove_from_team(current_actor(), event, user_id)
    flash(_("La personne n’est plus de l’équipe, et en est prévenue."), "success")
    return redirect(url_for("events.team", slug=slug))
