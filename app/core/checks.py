"""Checks of typed values shared by the domains: what a column can hold, what a page may link to."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from app.core.db import Base
from app.core.i18n import gettext as _


def text_errors(model: type[Base], values: Mapping[str, Any]) -> dict[str, str]:
    """Texts longer than their column, which PostgreSQL would answer with a crash."""
    columns = sa.inspect(model).columns
    found = {}
    for name, value in values.items():
        length = getattr(columns[name].type, "length", None) if name in columns else None
        if isinstance(value, str) and length and len(value) > length:
            found[name] = _("Raccourcissez ce texte à %(n)d caractères.", n=length)
    return found


def is_web_address(url: str) -> bool:
    """True for an http(s) address with a host: the only ones a page may link to."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in url


def is_secure_address(url: str) -> bool:
    """True for an https address with a host: what is shown as evidence travels sealed."""
    return is_web_address(url) and urlsplit(url).scheme == "https"


def web_address_error() -> str:
    return str(_("Saisissez une adresse complète, par exemple https://www.exemple.fr."))


def secure_address_error() -> str:
    return str(_("Saisissez une adresse complète qui commence par https://, comme https://www.exemple.fr."))
