"""Base of every form: strips what is typed, speaks French, keeps the answers, and tells the templates how to
draw each field (`components/forms.html`). Rules that need the database belong to the services."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import ModuleType
from typing import Any, ClassVar

from flask import render_template
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren, siret
from wtforms import Field, Form, StringField, fields, widgets
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm as WTForm
from wtforms.validators import ValidationError

from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.core.text import cleaned
from app.web.form_messages import Messages
from app.web.numbers import LARGEST

AUTOCOMPLETE: Mapping[str, str] = {
    "email": "email",
    "password": "current-password",
    "new_password": "new-password",
    "given_name": "given-name",
    "family_name": "family-name",
    "full_name": "name",
    "phone": "tel",
}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def clean(value: object) -> object:
    """A typed text as `cleaned` keeps it; anything else unchanged."""
    return cleaned(value) if isinstance(value, str) else value


def one_line(value: object) -> object:
    """The same in a field of one line: a line break in a name would end up in the headers of a mail."""
    return " ".join(cleaned(value).split()) if isinstance(value, str) else value


def _within_columns(_form: Form, field: Field) -> None:
    """A number that no column holds (too large, infinite, not a number) is refused."""
    if field.data is not None and not abs(field.data) <= LARGEST:
        raise ValidationError(_("Saisissez un nombre plus petit."))


class BaseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Parent of every form of the portal."""

    class Meta:
        _kept_as_typed: ClassVar[tuple[type[Field], ...]] = (fields.PasswordField, fields.HiddenField)

        def bind_field(
            self, form: Form, unbound_field: "UnboundField[Field]", options: dict[str, Any]
        ) -> Field:
            kind = unbound_field.field_class
            filters = list(unbound_field.kwargs.get("filters", ()))
            if issubclass(kind, StringField) and not issubclass(kind, self._kept_as_typed):
                filters.insert(0, clean if issubclass(kind, fields.TextAreaField) else one_line)
            bound: Field = unbound_field.bind(form=form, filters=filters, **options)
            if isinstance(bound, fields.IntegerField | fields.FloatField | fields.DecimalField):
                bound.validators = [*bound.validators, _within_columns]
            return bound

        def get_translations(self, form: Form) -> Messages:
            return Messages()

    def values(self) -> dict[str, Any]:
        """The answers by field, without token nor buttons: a text left out is "", an empty choice None."""
        return {
            field.short_name: _value(field)
            for field in self
            if field.short_name != "csrf_token" and field_kind(field) != "submit"
        }


def _value(field: Field) -> object:
    if isinstance(field, StringField) and field.data is None:
        return ""
    return None if isinstance(field, fields.SelectField) and field.data == "" else field.data


def as_choices(pairs: Iterable[tuple[object, object]]) -> list[SelectChoice]:
    """(value, label) pairs as a select takes them."""
    return [SelectChoice(value, str(label)) for value, label in pairs]


def asked(pairs: Iterable[tuple[object, object]]) -> list[SelectChoice]:
    """The same after an empty choice, for a select whose first entry must not be taken by mistake."""
    return [SelectChoice("", _("Choisir")), *as_choices(pairs)]


def number_or_none(value: object) -> int | None:
    """Coerces a select that starts with an empty choice; raises ValueError for what is no number."""
    return int(str(value)) if value not in ("", None) else None


def form_page(template: str, *, form: Form, **context: object) -> tuple[str, int]:
    """The page of a form with what was typed: status 422 when it holds errors, else 200."""
    return render_template(template, form=form, **context), 422 if form.errors else 200


def attach_errors(form: Form, errors: Mapping[str, str | list[str]], message: str = "") -> None:
    """Put the refusals of a service beside their fields; those of an unknown field, and `message` when there
    is nothing else to show, at the top of the form."""
    for name, found in errors.items():
        texts = [found] if isinstance(found, str) else list(found)
        if name in form:
            form[name].errors = [*form[name].errors, *texts]
        else:
            form.form_errors = [*form.form_errors, *texts]
    if message and not errors:
        form.form_errors = [*form.form_errors, message]


def field_kind(field: Field) -> str:
    """Which drawing of `components/forms.html` fits: hidden, textarea, password, select, checkboxes, radios,
    checkbox, file, submit or input."""
    if isinstance(field, fields.SelectFieldBase) and not isinstance(field.widget, widgets.Select):
        multiple = isinstance(field, fields.SelectMultipleField)
        return "checkboxes" if multiple else "radios"
    if isinstance(field.widget, widgets.TextArea):
        return "textarea"
    if isinstance(field.widget, widgets.Select):
        return "select"
    input_type = str(getattr(field.widget, "input_type", "text"))
    return input_type if input_type in {"hidden", "password", "checkbox", "file", "submit"} else "input"


_CLASSES: Mapping[str, str] = {
    "select": "fr-select",
    "file": "fr-upload",
    "password": "fr-password__input fr-input",
    "checkbox": "",
    "hidden": "",
}


def control_attributes(field: Field) -> dict[str, str]:
    """HTML attributes of a control: DSFR class, hint and messages for screen readers, autocomplete."""
    given: Mapping[str, Any] = field.render_kw or {}
    kind = field_kind(field)
    described = [f"{field.id}-hint"] if field.description else []
    described.append(f"{field.id}-messages")
    own_class = str(given.get("class", given.get("class_", "")))
    attributes = {
        "class": " ".join(filter(None, [_CLASSES.get(kind, "fr-input"), own_class])),
        "aria-describedby": " ".join(described),
    }
    if kind == "textarea" and "rows" not in given:
        attributes["rows"] = "6"
    if field.errors:
        attributes["aria-invalid"] = "true"
    if "autocomplete" not in given and field.short_name in AUTOCOMPLETE:
        attributes["autocomplete"] = AUTOCOMPLETE[field.short_name]
    return {name: value for name, value in attributes.items() if value}


def error_items(form: Form) -> list[tuple[str, str, str]]:
    """(id of the field or "", its label, message) for each error, in the order of the page."""
    found = [("", "", str(text)) for text in form.form_errors]
    for field in form:
        messages = field.errors
        if isinstance(messages, Mapping):
            messages = [text for texts in messages.values() for text in texts]
        target = "" if field_kind(field) == "hidden" else str(field.id)
        found += [(target, str(field.label.text), str(text)) for text in messages]
    return found


class _FrenchNumber:
    """Keeps the compact number when its check digits hold, else refuses with `message`."""

    def __init__(self, check: ModuleType, message: object) -> None:
        self.check, self.message = check, message

    def __call__(self, form: Form, field: Field) -> None:
        try:
            field.data = str(self.check.validate(field.data or ""))
        except NumberError as error:
            raise ValidationError(str(self.message)) from error


class Siren(_FrenchNumber):
    def __init__(self) -> None:
        super().__init__(siren, _l("Ce SIREN n’est pas valable : vérifiez un à un ses 9 chiffres."))


class Siret(_FrenchNumber):
    def __init__(self) -> None:
        super().__init__(siret, _l("Ce SIRET n’est pas valable : vérifiez un à un ses 14 chiffres."))


class DateRange:
    """Put on the end of a period: refuses an end before the field named `start`."""

    def __init__(self, start: str, message: object = None) -> None:
        self.start = start
        self.message = message or _l("La fin précède le début : choisissez une fin plus tardive.")

    def __call__(self, form: Form, field: Field) -> None:
        begins: date | None = form[self.start].data
        if begins and field.data and field.data < begins:
            raise ValidationError(str(self.message))


class CommaList(StringField):
    """Several short texts in one line, separated by commas; `data` is a list without blanks or repeats."""

    def _value(self) -> str:
        return ", ".join(self.data or ())

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if valuelist:
            parts = (part.strip() for part in re.split(r"[,;\n]", valuelist[0]))
            self.data: Any = list(dict.fromkeys(part for part in parts if part))


class Slug(StringField):
    """End of a page's address: lower-case letters without accents, digits and hyphens."""

    def pre_validate(self, form: WTForm) -> None:
        if self.data and not _SLUG.fullmatch(self.data):
            raise ValidationError(
                str(_l("Seulement des minuscules sans accent, des chiffres et des tirets."))
            )


class Upload(FileField):  # type: ignore[misc]  # Flask-WTF ships no types
    """A file sent with the form."""


class Checkboxes(fields.SelectMultipleField):
    """Several answers among a list, as check boxes."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()
