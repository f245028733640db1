"""Texts that carry a secret: it is drawn here, as the mail leaves, and no table ever holds it."""

from flask import current_app, render_template

from app.accounts import services
from app.accounts.enums import ROLE_LABELS, LinkPurpose
from app.accounts.queries import find_user_by_email
from app.accounts.services import inviting, links
from app.core.db import unit_of_work
from app.core.i18n import force_locale
from app.outbox.services import draws

ENDPOINTS = {
    LinkPurpose.NEW_PASSWORD: "accounts.new_password",
    LinkPurpose.CONFIRM_ADDRESS: "accounts.confirm_address",
    LinkPurpose.CHANGE_ADDRESS: "accounts.change_address",
}


@draws(links.DRAWN_BY)
def secret_link_text(link_id: int) -> str | None:
    with unit_of_work():
        drawn = services.draw_token(link_id)
        if drawn is None:
            return None
        link, token = drawn
        purpose, person, language = link.purpose, link.user.name, link.user.language
    with force_locale(language):
        return render_template(
            f"accounts/mail_{purpose.value}.txt", name=person, link=_address(ENDPOINTS[purpose], token)
        )


@draws(inviting.DRAWN_BY)
def invitation_text(invitation_id: int) -> str | None:
    """In the language of an account at this address, else of the person who invites."""
    with unit_of_work():
        drawn = inviting.draw_invitation_token(invitation_id)
        if drawn is None:
            return None
        invitation, token = drawn
        name, role = invitation.organisation.name, invitation.role
        reader = find_user_by_email(invitation.email) or invitation.invited_by
        language = reader.language if reader is not None else "fr"
        inviter = invitation.invited_by.name if invitation.invited_by is not None else ""
    with force_locale(language):
        return render_template(
            "accounts/mail_invitation.txt",
            name=name,
            inviter=inviter,
            role=ROLE_LABELS[role],
            link=_address("accounts.accept_invitation", token),
        )


def _address(endpoint: str, token: str) -> str:
    path = current_app.url_map.bind("").build(endpoint, {"token": token})
    return str(current_app.extensions["settings"].public_url) + path
