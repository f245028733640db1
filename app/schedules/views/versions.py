"""Versions of a schedule: grid, differences, publication, files for a third party."""

from flask import Response as FlaskResponse
from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.errors import NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.events.enums import Side
from app.events.queries.events import get_event_to_run
from app.permissions import Permission
from app.schedules import services
from app.schedules.enums import VersionState
from app.schedules.planner.problems import names_of
from app.schedules.presenters.agendas import agenda_address
from app.schedules.presenters.versions import bottleneck_lines, gain_lines, unplaced_lines
from app.schedules.queries.grids import differences, schedule_grid
from app.schedules.queries.versions import get_version, published_number, versions_of
from app.schedules.reports import RunReport
from app.schedules.services.placing import picture_of
from app.schedules.services.planning import schedule_of
from app.schedules.views.blueprint import blueprint
from app.web.access import current_actor, requires
from app.web.numbers import whole

VERSION = "/organisation-evenements/<slug>/planning/versions/<int:number>"


@blueprint.get(VERSION)
@requires(Permission.EVENT_MANAGE)
def version(slug: str, number: int) -> str:
    event = get_event_to_run(current_actor(), slug)
    found = get_version(event.id, number)
    side = Side.VENDOR if request.args.get("vue") == "editeurs" else Side.ADMINISTRATION
    run, picture = found.computed_by, found.told or picture_of(event)
    report = run.report if run is not None else RunReport()
    return render_template(
        "schedules/version.html",
        event=event,
        version=found,
        side=side.value,
        picture=picture,
        rows=schedule_grid(picture, found.placements, side),
        unplaced=unplaced_lines(found, names_of(event)),
        conflicts=services.conflicts_of(found),
        report=report,
        bottlenecks=bottleneck_lines(report, event),
        gains=gain_lines(event, found),
        others=[other for other, _meetings in versions_of(event.id) if other.number != number],
    )


@blueprint.get(f"{VERSION}/differences")
@requires(Permission.EVENT_MANAGE)
def compare(slug: str, number: int) -> str:
    event = get_event_to_run(current_actor(), slug)
    after = get_version(event.id, number)
    before = get_version(event.id, request.args.get("avec", 0, type=int))
    found = differences(before.placements, after.placements)
    return render_template("schedules/differences.html", event=event, before=before, after=after, items=found)


@blueprint.route(f"{VERSION}/publication", methods=["GET", "POST"])
@requires(Permission.EVENT_MANAGE)
def publish(slug: str, number: int) -> str | Response | tuple[str, int]:
    event = get_event_to_run(current_actor(), slug)
    found = get_version(event.id, number)
    status = 200
    if request.method == "POST":
        try:
            replaced = whole(request.form.get("publiee"))
            address = agenda_address(slug)
            services.publish_schedule(current_actor(), found, agenda_url=address, replaced=replaced)
            flash(
                _("Le planning est publié, et les délégations concernées l’ont reçu par courriel."), "success"
            )
            return redirect(url_for("schedules.version", slug=slug, number=number))
        except RuleBroken:
            status = 422
    conflicts = services.conflicts_of(found)
    letters = []
    if not conflicts and found.state is not VersionState.PUBLISHED:
        letters = services.letters_of_publication(current_actor(), found, agenda_url=agenda_address(slug))
    page = render_template(
        "schedules/publish.html",
        event=event,
        version=found,
        conflicts=conflicts,
        replaced=published_number(event.id),
        letters=letters,
    )
    return page, status


@blueprint.route(f"{VERSION}/abandon", methods=["GET", "POST"])
@requires(Permission.EVENT_MANAGE)
def discard(slug: str, number: int) -> str | Response:
    event = get_event_to_run(current_actor(), slug)
    found = get_version(event.id, number)
    if request.method == "GET":
        return render_template("schedules/discard.html", event=event, version=found)
    page = "event_day.day" if found.run is not None and found.run.is_repair else "schedules.planning"
    services.discard_version(current_actor(), found)
    flash(_("La version %(n)s est abandonnée.", n=number), "success")
    return redirect(url_for(page, slug=slug))


@blueprint.get(f"{VERSION}/assouplissements")
@requires(Permission.EVENT_MANAGE)
def study(slug: str, number: int) -> str | Response:
    """The study of a version, for htmx while it is measured; the whole page for anyone else."""
    event = get_event_to_run(current_actor(), slug)
    found = get_version(event.id, number)
    if "HX-Request" not in request.headers:
        return redirect(url_for("schedules.version", slug=slug, number=number, _anchor="gains"))
    return render_template("schedules/gains.html", event=event, version=found, gains=gain_lines(event, found))


@blueprint.post(f"{VERSION}/assouplissements")
@requires(Permission.EVENT_MANAGE)
def start_study(slug: str, number: int) -> Response:
    found = get_version(get_event_to_run(current_actor(), slug).id, number)
    services.start_study(current_actor(), found)
    return redirect(url_for("schedules.version", slug=slug, number=number, _anchor="gains"))


@blueprint.get(f"{VERSION}/planning.json")
@requires(Permission.EVENT_MANAGE)
def export_schedule(slug: str, number: int) -> FlaskResponse:
    found = get_version(get_event_to_run(current_actor(), slug).id, number)
    run = found.computed_by
    if run is None:
        raise NotFound
    return jsonify(schedule_of(found, run.problem, run.slots))


@blueprint.get(f"{VERSION}/probleme.json")
@requires(Permission.EVENT_MANAGE)
def export_problem(slug: str, number: int) -> FlaskResponse:
    found = get_version(get_event_to_run(current_actor(), slug).id, number)
    run = found.computed_by
    if run is None:
        raise NotFound
    return jsonify(run.problem)
