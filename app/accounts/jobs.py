"""Mails that carry a secret: it is drawn here, as the mail leaves, and no job nor mail queue ever holds
it."""

from flask import current_app, render_template
from flask_mailman import EmailMessage

from app.accounts import services
from app.accounts.enums import LinkPurpose
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


def subject_of(purpose: LinkPurpose) -> str:
    return {
        LinkPurpose.NEW_PASSWORD: _("Choisir un nouveau mot de passe"),
        LinkPurpose.CONFIRM_ADDRESS: _("Confirmer votre adresse"),
        LinkPurpose.CHANGE_ADDRESS: _("Confirmer votre nouvelle adresse"),
    }[purpose]
