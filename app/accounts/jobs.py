"""Mails that carry a secret: it is drawn here, as the mail leaves, and no job nor mail queue ever holds
it."""

from flask import current_app, render_template
from flask_mailman import EmailMessage

from app.accounts import services
from app.accounts.enums import ROLE_LABELS, LinkPurpose
from app.accounts.queries import find_user_by_email
from app.accounts.services import inviting
from app.core.db import unit_of_work
from app.core.i18n import force_locale
from app.core.i18n import gettext as _
from app.core.jobs import Job, Lane, handler

ENDPOINTS = {
    LinkPurpose.NEW_PASSWORD: "accounts.new_password",
    LinkPurpose.CONFIRM_ADDRESS: "accounts.confirm_address",
    LinkPurpose.CHANGE_ADDRESS: "accounts.change_address",
}


@handler("secret_link", lane=Lane.SHORT)
def mail_secret_link(job: Job) -> None:
    with unit_of_work():
        drawn = services.draw_token(job.payload["link_id"])
        if drawn is None:
            return
        link, token = drawn
        purpose, person, to, language = link.purpose, link.user.name, link.email, link.user.language
    path = current_app.url_map.bind("").build(ENDPOINTS[purpose], {"token": token})
    address = current_app.extensions["settings"].public_url + path
    with force_locale(language):
        subject = subject_of(purpose)
        body = render_template(f"accounts/mail_{purpose.value}.txt", name=person, link=address)
    EmailMessage(subject=subject, body=body, to=[to]).send()


@handler(inviting.JOB, lane=Lane.SHORT)
def mail_invitation(job: Job) -> None:
    """In the language of an account at this address, else of the person who invites."""
    with unit_of_work():
        drawn = inviting.draw_invitation_token(job.payload["invitation_id"])
        if drawn is None:
            return
        invitation, token = drawn
        to, name, role = invitation.email, invitation.organisation.name, invitation.role
        reader = find_user_by_email(to) or invitation.invited_by
        language = reader.language if reader is not None else "fr"
        inviter = invitation.invited_by.name if invitation.invited_by is not None else ""
    path = current_app.url_map.bind("").build("accounts.accept_invitation", {"token": token})
    address = current_app.extensions["settings"].public_url + path
    with force_locale(language):
        subject = " ".join(_("Rejoindre %(name)s sur Trait d’union", name=name).split())
        body = render_template(
            "accounts/mail_invitation.txt", name=name, inviter=inviter, role=ROLE_LABELS[role], link=address
        )
    EmailMessage(subject=subject, body=body, to=[to]).send()


def subject_of(purpose: LinkPurpose) -> str:
    return {
        LinkPurpose.NEW_PASSWORD: _("Choisir un nouveau mot de passe"),
        LinkPurpose.CONFIRM_ADDRESS: _("Confirmer votre adresse"),
        LinkPurpose.CHANGE_ADDRESS: _("Confirmer votre nouvelle adresse"),
    }[purpose]
