"""Generating the schedule: start, follow and stop a run."""

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.core.jobs.health import is_worked
from app.events.queries.delegations import delegation_counts
from app.events.queries.events import get_event_to_run
from app.permissions import Permission
from app.schedules import services
from app.schedules.forms import RunForm
from app.schedules.presenters.versions import bottleneck_lines
from app.schedules.queries.versions import find_active_run, find_last_run, get_run, versions_of
from app.schedules.reports import read_progress
from app.schedules.views.blueprint import blueprint
from app.web.access import current_actor, requires
from app.web.forms import attach_errors


@blueprint.get("/organisation-evenements/<slug>/planning")
@requires(Permission.EVENT_MANAGE)
def planning(slug: str) -> str:
    limit = int(current_app.extensions["settings"].schedule_time_limit_s)
    return _page(slug, RunForm(time_limit_s=limit))


@blueprint.post("/organisation-evenements/<slug>/planning/generer")
@requires(Permission.EVENT_MANAGE)
def generate(slug: str) -> Response | tuple[str, int]:
    event = get_event_to_run(current_actor(), slug)
    form = RunForm()
    if form.validate():
        try:
            run = services.generate_schedule(
                current_actor(),
                event,
                time_limit_s=float(form.time_limit_s.data or 1),
                options=form.options(),
            )
            return redirect(url_for("schedules.run", slug=slug, run_id=run.id))
        except (RuleBroken, InvalidTransition) as error:
            attach_errors(form, {}, error.message)
    return _page(slug, form), 422


@blueprint.get("/organisation-evenements/<slug>/planning/calculs/<int:run_id>")
@requires(Permission.EVENT_MANAGE)
def run(slug: str, run_id: int) -> str | Response:
    """The run; htmx asks for its moving part only, and is sent to what it made once that exists."""
    event = get_event_to_run(current_actor(), slug)
    found = get_run(event.id, run_id)
    partial = "HX-Request" in request.headers
    if found.schedule is not None and not found.job.is_active:
        page = "event_day.proposal" if found.is_repair else "schedules.version"
        target = url_for(page, slug=slug, number=found.schedule.number)
        return Response("", headers={"HX-Redirect": target}) if partial else redirect(target)
    template = "schedules/run_progress.html" if partial else "schedules/run.html"
    return render_template(
        template,
        event=event,
        run=found,
        report=found.report,
        progress=read_progress(found.job.progress),
        reasons=bottleneck_lines(found.report, event),
        is_worked=is_worked(),
    )


@blueprint.post("/organisation-evenements/<slug>/planning/calculs/<int:run_id>/arreter")
@requires(Permission.EVENT_MANAGE)
def stop_run(slug: str, run_id: int) -> Response:
    event = get_event_to_run(current_actor(), slug)
    services.cancel_run(current_actor(), get_run(event.id, run_id))
    flash(_("Arrêt demandé : le meilleur planning trouvé jusqu’ici sera gardé."), "info")
    return redirect(url_for("schedules.run", slug=slug, run_id=run_id))


def _page(slug: str, form: RunForm) -> str:
    event = get_event_to_run(current_actor(), slug)
    return render_template(
        "schedules/planning.html",
        event=event,
        form=form,
        counts=delegation_counts([event.id])[event.id],
        active=find_active_run(event.id),
        last=find_last_run(event.id),
        versions=versions_of(event.id),
    )
