"""Inviting by mail, and the page an invitation opens."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.forms import InvitedForm, InviteForm
from app.accounts.queries import find_user_by_email, get_organisation, get_user
from app.accounts.queries.belonging import get_invitation, grantable_roles
from app.accounts.services import inviting
from app.accounts.views.blueprint import Answer, blueprint
from app.accounts.views.sign_in import open_for
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.permissions import Permission, Role, require_visible
from app.web.access import current_actor, requires
from app.web.extensions import limiter
from app.web.forms import attach_errors, form_page


@blueprint.route("/organisation/<int:organisation_id>/inviter", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
@limiter.limit("30 per hour", methods=["POST"])
def invite(organisation_id: int) -> Answer:
    organisation = get_organisation(organisation_id)
    require_visible(current_actor(), Permission.PEOPLE_MANAGE, on=organisation)
    roles = grantable_roles(current_actor(), organisation)
    form = InviteForm(role=roles[0])
    form.offer(roles)
    if form.validate_on_submit():
        try:
            role = Role(form.role.data)
            inviting.invite(current_actor(), organisation, email=form.email.data or "", role=role)
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("L’invitation part à %(to)s.", to=form.email.data), "success")
            return redirect(url_for("accounts.members", organisation_id=organisation_id))
    return form_page("accounts/invite.html", form=form, organisation=organisation)


@blueprint.post("/organisation/invitations/<int:invitation_id>/annuler")
@requires(Permission.PEOPLE_MANAGE)
def cancel_invitation(invitation_id: int) -> Response:
    invitation = get_invitation(invitation_id)
    require_visible(current_actor(), Permission.PEOPLE_MANAGE, on=invitation)
    inviting.cancel_invitation(current_actor(), invitation)
    flash(_("L’invitation est annulée : son lien n’ouvre plus rien."), "success")
    return redirect(url_for("accounts.members", organisation_id=invitation.organisation_id))


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@requires(Permission.SIGN_IN)
@limiter.limit("20 per minute")
def accept_invitation(token: str) -> Answer:
    """With the account of the invited address, one button; without any, a name and a password first."""
    invitation = inviting.find_invitation(token)
    if find_user_by_email(invitation.email) is None:
        return _register(token)
    if request.method == "GET":
        return render_template("accounts/invitation.html", invitation=invitation, token=token)
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in", next=request.path))
    user = get_user(current_user.id)
    inviting.accept_invitation(invitation, user)
    return _joined(user.id, invitation.organisation_id)


def _register(token: str) -> Answer:
    form = InvitedForm()
    if form.validate_on_submit():
        try:
            user = inviting.register_invited(
                token, name=form.name.data or "", password=form.password.data or ""
            )
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            return _joined(user.id, user.memberships[0].organisation_id)
    invitation = inviting.find_invitation(token)
    return form_page("accounts/invited.html", form=form, invitation=invitation, token=token)


def _joined(user_id: int, organisation_id: int) -> Response:
    """A new session: the earlier ones ended with the change of roles."""
    open_for(get_user(user_id))
    flash(_("Bienvenue : vous faites partie de l’organisation."), "success")
    return redirect(url_for("accounts.members", organisation_id=organisation_id))
