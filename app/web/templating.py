"""What templates may call: dates, numbers and amounts written in the reader's language, and addresses."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import numbers
from babel.dates import format_date, format_datetime, format_time, get_timezone_location
from flask import Flask, request, url_for
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict

from app.core.clock import FRANCE, day_of
from app.core.i18n import LANGUAGES, current_language
from app.core.i18n import gettext as _
from app.web.forms import control_attributes, error_items, field_kind

Number = int | float | Decimal


def long_date(value: date | datetime | None) -> str:
    """27 mars 2026; a moment is first placed in Paris; nothing for None."""
    if value is None:
        return ""
    day = day_of(value) if isinstance(value, datetime) else value
    return str(format_date(day, "long", current_language()))


def full_date(value: date | datetime | None) -> str:
    """vendredi 27 mars 2026."""
    if value is None:
        return ""
    day = day_of(value) if isinstance(value, datetime) else value
    return str(format_date(day, "full", current_language()))


def datetime_in(value: datetime | None, zone: str | tzinfo = FRANCE) -> str:
    """27 mars 2026 à 14:30, in the time zone of the event."""
    if value is None:
        return ""
    place = ZoneInfo(zone) if isinstance(zone, str) else zone
    moment = value if value.tzinfo else value.replace(tzinfo=UTC)
    pattern = "d MMMM y 'at' HH:mm" if current_language() == "en" else "d MMMM y 'à' HH:mm"
    return str(format_datetime(moment, pattern, tzinfo=place, locale=current_language()))


def time_in(value: datetime | None, zone: str | tzinfo = FRANCE) -> str:
    """14:30, in the time zone of the event."""
    if value is None:
        return ""
    place = ZoneInfo(zone) if isinstance(zone, str) else zone
    return str(format_time(value.astimezone(place), "HH:mm", tzinfo=place, locale=current_language()))


def city(zone: str) -> str:
    """Paris, for Europe/Paris: how people name a time zone."""
    return str(get_timezone_location(ZoneInfo(zone), locale=current_language(), return_city=True))


def iso(value: date | datetime | None) -> str:
    """Machine form, for `<time datetime>` and sorting."""
    return value.isoformat() if value is not None else ""


def number(value: Number | None, digits: int = 0, unit: str = "", *, fixed: bool = False) -> str:
    """1 234,5 with at most `digits` decimals, or just so many, then the unit after an unbreakable space."""
    if value is None:
        return ""
    pattern = "#,##0" + ("." + ("0" if fixed else "#") * digits if digits else "")
    text = str(numbers.format_decimal(value, pattern, current_language()))
    return f"{text}\u00a0{unit}" if unit else text


def percent(value: Number | None, digits: int = 0) -> str:
    """0.123 as 12 %."""
    if value is None:
        return ""
    return number(value * 100, digits) + ("%" if current_language() == "en" else "\u00a0%")


def euros(value: Number | None) -> str:
    """1 234,50 €, without decimals for a whole amount."""
    if value is None:
        return ""
    whole = value == int(value)
    pattern = "¤#,##0" if current_language() == "en" else "#,##0\u00a0¤"
    return str(
        numbers.format_currency(
            value, "EUR", pattern if whole else None, current_language(), currency_digits=not whole
        )
    )


def plural(count: int, singular: str, several: str) -> str:
    """ "1 offre", "12 offres"; French counts 0 and 1 as singular, English only 1."""
    one = count == 1 or (count == 0 and current_language() == "fr")
    return f"{number(count)}\u00a0{singular if one else several}"


def paragraphs(text: str | None) -> Markup:
    """Plain text as escaped paragraphs; a single line break stays one."""
    blocks = [block.strip() for block in (text or "").replace("\r\n", "\n").split("\n\n")]
    lines = (Markup("<br>").join(escape(line) for line in block.split("\n")) for block in blocks if block)
    return Markup("\n").join(Markup("<p>{}</p>").format(line) for line in lines)


def external_link(url: str, label: str = "") -> Markup:
    """Link that opens elsewhere and says so; only text when the address is not http(s)."""
    if not url.startswith(("https://", "http://")):
        return escape(label or url)
    title = _("%(label)s - nouvelle fenêtre", label=label or url)
    return Markup(
        '<a class="fr-link" href="{}" target="_blank" rel="noopener external" title="{}">{}</a>'
    ).format(url, title, label or url)


def query_with(**changes: object) -> str:
    """This page's address with some query parameters replaced; None or "" removes one, a list repeats it."""
    query: MultiDict[str, object] = MultiDict(request.args)
    for name, value in changes.items():
        query.poplist(name)
        values = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
        query.setlist(name, [item for item in values if item is not None and item != ""])
    if request.endpoint is None:
        return "?"
    return url_for(request.endpoint, **{**(request.view_args or {}), **query.to_dict(flat=False)})


FILTERS: tuple[Callable[..., object], ...] = (
    field_kind,
    long_date,
    full_date,
    datetime_in,
    time_in,
    city,
    iso,
    number,
    percent,
    euros,
    paragraphs,
)
GLOBALS: tuple[Callable[..., object], ...] = (
    plural,
    external_link,
    query_with,
    control_attributes,
    error_items,
    field_kind,
    current_language,
)


def init_app(app: Flask) -> None:
    """Register every filter and global under its own name."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    for function in FILTERS:
        app.jinja_env.filters[function.__name__] = function
    for function in GLOBALS:
        app.jinja_env.globals[function.__name__] = function
    app.jinja_env.globals["LANGUAGES"] = LANGUAGES
