"""What schedules show of themselves on pages and in mails."""

from flask import current_app


def agenda_address(slug: str) -> str:
    """Where a participant reads its day, as written in a mail; no request is needed."""
    public_url: str = current_app.extensions["settings"].public_url
    return public_url + current_app.url_map.bind("").build("schedules.my_agenda", {"evenement": slug})
