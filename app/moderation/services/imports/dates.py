"""Dates as people, spreadsheets and other programs write them."""

import re
from datetime import date, datetime, timedelta

from babel.dates import get_month_names

_MONTH = re.compile(r"\d{4}-\d{2}")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
_SERIAL = re.compile(r"\d{5}(\.0+)?")
_WRITTEN = re.compile(r"(\d{1,2})(?:er)? (\w+) (\d{4})")
# Excel counts days from this one; it lies two days early, for 1900 was no leap year and counting starts at 1.
_EXCEL_EPOCH = date(1899, 12, 30)
_MONTHS = [get_month_names("wide", locale="fr")[number] for number in range(1, 13)]
_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d")


def parse_day(text: str) -> date:
    """A date as 2026-03-27, 27/03/2026, 27-03-2026, 27.03.2026, 27 mars 2026, with a time of day or not;
    2026-03 for the first of a month; 46108 as Excel counts days. Raises ValueError."""
    text = _TIME.sub("", text.strip())
    if _MONTH.fullmatch(text):
        return date.fromisoformat(f"{text}-01")
    if _SERIAL.fullmatch(text):
        return _EXCEL_EPOCH + timedelta(days=int(float(text)))
    if written := _WRITTEN.fullmatch(text.lower()):
        return date(int(written[3]), _MONTHS.index(written[2]) + 1, int(written[1]))
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no time zone
        except ValueError:
            continue
    raise ValueError(text)
