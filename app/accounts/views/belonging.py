"""The page of an organisation's people: members, requests that wait, invitations; asking to join, leaving."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.enums import ROLE_LABELS
from app.accounts.forms import DeclineForm, JoinForm
from app.accounts.queries import get_organisation, get_user, organisations_where
from app.accounts.queries.belonging import (
    get_join,
    get_member,
    grantable_roles,
    invitations_of,
    is_open,
    joins_asked_by,
    members_of,
    waiting_joins_of,
)
from app.accounts.services import joining
from app.accounts.services import members as people
from app.accounts.views.blueprint import Answer, blueprint, current_token
from app.core.errors import NotFound, RuleBroken
from app.core.i18n import gettext as _
from app.permissions import Permission, Role, can, require_visible
from app.web.access import current_actor, requires
from app.web.extensions import limiter
from app.web.forms import attach_errors, form_page


@blueprint.get("/organisation")
@requires(Permission.ORGANISATION_JOIN)
def organisations() -> str | Response:
    mine = organisations_where(current_actor(), Role.AMBASSADOR, Role.VENDOR, Role.ORGANISER)
    asked = joins_asked_by(current_user.id)
    if len(mine) == 1 and not asked:
        return redirect(url_for("accounts.members", organisation_id=mine[0].id))
    return render_template("accounts/organisations.html", organisations=mine, asked=asked)


@blueprint.route("/organisation/rejoindre", methods=["GET", "POST"])
@requires(Permission.ORGANISATION_JOIN)
@limiter.limit("10 per minute", methods=["POST"])
def join() -> Answer:
    form = JoinForm()
    if form.validate_on_submit():
        try:
            found = joining.organisation_to_join(form.organisation.data or "")
            joining.ask_to_join(get_user(current_user.id), found)
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("Votre demande de rejoindre %(name)s est enregistrée.", name=found.name), "success")
            return redirect(url_for("accounts.organisations"))
    return form_page("accounts/join.html", form=form)


@blueprint.post("/organisation/demandes/<int:join_id>/retirer")
@requires(Permission.ORGANISATION_JOIN)
def withdraw_join(join_id: int) -> Response:
    joining.withdraw_join(get_user(current_user.id), get_join(join_id))
    flash(_("Votre demande est retirée."), "success")
    return redirect(url_for("accounts.organisations"))


@blueprint.get("/organisation/<int:organisation_id>")
@requires(Permission.PEOPLE_READ)
def members(organisation_id: int) -> str:
    organisation, actor = get_organisation(organisation_id), current_actor()
    found = members_of(actor, organisation)
    manages = can(actor, Permission.PEOPLE_MANAGE, on=organisation)
    return render_template(
        "accounts/members.html",
        organisation=organisation,
        members=found,
        manages=manages,
        managers=[member for member in found if member.is_manager],
        roles=grantable_roles(actor, organisation) if manages else (),
        joins=waiting_joins_of(organisation) if manages else (),
        invitations=invitations_of(organisation) if manages else (),
        is_open=is_open,
        ROLE_LABELS=ROLE_LABELS,
        me=current_user.id,
    )


@blueprint.post("/organisation/demandes/<int:join_id>/admettre")
@requires(Permission.PEOPLE_MANAGE)
def admit(join_id: int) -> Response:
    found = get_join(join_id)
    require_visible(current_actor(), Permission.PEOPLE_MANAGE, on=found)
    role = request.form.get("role")
    if role is not None and role not in set(Role):
        raise NotFound
    joining.admit(current_actor(), found, Role(role) if role else None)
    flash(_("%(name)s fait partie de l’organisation, et en est prévenu.", name=found.user.name), "success")
    return redirect(url_for("accounts.members", organisation_id=found.organisation_id))


@blueprint.route("/organisation/demandes/<int:join_id>/decliner", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def decline(join_id: int) -> Answer:
    found = get_join(join_id)
    require_visible(current_actor(), Permission.PEOPLE_MANAGE, on=found)
    form = DeclineForm()
    if form.validate_on_submit():
        joining.decline(current_actor(), found, reason=form.reason.data or "")
        flash(_("La demande est déclinée ; la personne en est prévenue."), "success")
        return redirect(url_for("accounts.members", organisation_id=found.organisation_id))
    return form_page("accounts/decline.html", form=form, join=found)


@blueprint.route("/organisation/<int:organisation_id>/quitter", methods=["GET", "POST"])
@requires(Permission.PEOPLE_READ)
def leave(organisation_id: int) -> str | Response:
    organisation = get_organisation(organisation_id)
    get_member(current_actor(), organisation, current_user.id)
    if request.method == "GET":
        last = people.is_last_manager(organisation, current_user.id)
        return render_template("accounts/leave.html", organisation=organisation, last=last)
    people.leave(get_user(current_user.id), organisation, session_token=current_token())
    flash(_("Vous ne faites plus partie de %(name)s.", name=organisation.name), "success")
    return redirect(url_for("accounts.organisations"))


@blueprint.route("/organisation/<int:organisation_id>/membres/<int:user_id>/retirer", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def remove_member(organisation_id: int, user_id: int) -> str | Response:
    organisation = get_organisation(organisation_id)
    require_visible(current_actor(), Permission.PEOPLE_MANAGE, on=organisation)
    member = get_member(current_actor(), organisation, user_id)
    if request.method == "GET":
        return render_template("accounts/remove_member.html", organisation=organisation, member=member)
    people.remove_member(current_actor(), organisation, user_id)
    flash(_("%(name)s ne fait plus partie de l’organisation.", name=member.name), "success")
    return redirect(url_for("accounts.members", organisation_id=organisation_id))


@blueprint.post("/organisation/<int:organisation_id>/membres/<int:user_id>/gestionnaire")
@requires(Permission.PEOPLE_MANAGE)
def set_manager(organisation_id: int, user_id: int) -> Response:
    organisation = get_organisation(organisation_id)
    require_visible(current_actor(), Permission.PEOPLE_MANAGE, on=organisation)
    is_manager = request.form.get("manager") == "yes"
    token = current_token() if user_id == current_user.id else ""
    people.set_manager(current_actor(), organisation, user_id, is_manager=is_manager, session_token=token)
    flash(_("Le changement est fait ; la personne en est prévenue."), "success")
    return redirect(url_for("accounts.members", organisation_id=organisation_id))
