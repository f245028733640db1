"""Two people edit the same thing: the second is told, and sees what was saved beside what they typed.

For accounts alone, which app.content stands on; the domains above merge with `app.content.spec`."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from wtforms import Field, Form, HiddenField, fields

from app.core.i18n import format_date
from app.core.i18n import gettext as _
from app.web.forms import BaseForm, field_kind
from app.web.numbers import whole


class Difference(NamedTuple):
    """One field, as typed and as saved meanwhile."""

    label: str
    typed: str
    saved: str


class EditForm(BaseForm):
    """A form of something several people may edit: it carries the version the person read."""

    version = HiddenField(default="0")

    def expected_version(self) -> int:
        """0, which no row has, when the field was tampered with."""
        return whole(self.version.data) or 0


def differences(form: Form, saved: Form) -> list[Difference]:
    """Visible fields whose typed answer differs from `saved`, the same form filled with what is stored."""
    return [
        Difference(str(field.label.text), shown(field), shown(saved[field.short_name]))
        for field in form
        if field_kind(field) not in {"hidden", "submit"} and shown(field) != shown(saved[field.short_name])
    ]


def shown(field: Field) -> str:
    """The answer as a reader would say it."""
    if isinstance(field, fields.SelectFieldBase):
        return ", ".join(_chosen(field))
    if isinstance(field, fields.BooleanField):
        return str(_("Oui") if field.data else _("Non"))
    if isinstance(field.data, date):
        return str(format_date(field.data, "long"))
    if isinstance(field.data, list):
        return ", ".join(field.data)
    return "" if field.data is None else str(field.data).replace("\r\n", "\n").strip()


def _chosen(field: Any) -> Iterable[str]:
    return [str(choice.label).strip() for choice in field.iter_choices() if choice.selected]
