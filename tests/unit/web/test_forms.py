from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.core.i18n import babel
from app.web.forms import (
    BaseForm,
    Checkboxes,
    CommaList,
    DateRange,
    Siren,
    Siret,
    Slug,
    Upload,
    as_choices,
    attach_errors,
    control_attributes,
    error_items,
    field_kind,
)


class Sample(BaseForm):
    name = StringField("Nom", [InputRequired(), Length(max=5)], description="Nom d’usage")
    password = PasswordField("Mot de passe")
    siren = StringField("SIREN", [Optional(), Siren()])
    siret = StringField("SIRET", [Optional(), Siret()])
    starts_on = DateField("Début", [Optional()])
    ends_on = DateField("Fin", [Optional(), DateRange("starts_on")])
    keywords = CommaList("Mots clés")
    address = Slug("Adresse", [Optional()])
    text = TextAreaField("Texte")
    choice = SelectField("Choix", choices=as_choices([("", "-"), ("a", "A")]))
    level = RadioField("Niveau", choices=as_choices([("d", "Déclaré")]), validators=[Optional()])
    criteria = Checkboxes("Critères", choices=as_choices([("s", "SecNumCloud")]))
    document = Upload("Pièce")
    version = HiddenField()


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    babel.init_app(app, default_locale="fr")
    with app.test_request_context():
        yield


def posted(**answers: object) -> Sample:
    form = Sample(formdata=MultiDict({"name": "Nom", "choice": "a", **answers}))
    form.validate()
    return form


def test_texts_are_stripped_but_not_passwords() -> None:
    form = posted(name="  Nom ", password=" secret ")

    assert (form.name.data, form.password.data) == ("Nom", " secret ")


def test_messages_are_french_and_say_what_to_do() -> None:
    assert posted(name="").errors == {"name": ["Renseignez ce champ."]}
    assert posted(name="Trop long").errors == {"name": ["Raccourcissez ce texte à 5 caractères."]}
    assert posted(starts_on="hier").errors == {
        "starts_on": ["Saisissez une date complète, par exemple 27/03/2026."]
    }


def test_refused_answer_is_kept_as_typed() -> None:
    assert posted(siren="123 456 789").siren.data == "123 456 789"


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [("siren", "732 829 320", "732829320"), ("siret", "732 829 320 00074", "73282932000074")],
)
def test_valid_number_is_kept_compact(field: str, typed: str, kept: str) -> None:
    form = posted(**{field: typed})

    assert form.errors == {}
    assert form[field].data == kept


@pytest.mark.parametrize(
    ("field", "typed"), [("siren", "732829321"), ("siren", "12"), ("siret", "73282932000075")]
)
def test_number_with_wrong_check_digit_is_refused(field: str, typed: str) -> None:
    assert list(posted(**{field: typed}).errors) == [field]


def test_end_before_start_is_refused_and_same_day_accepted() -> None:
    assert list(posted(starts_on="2026-03-27", ends_on="2026-03-26").errors) == ["ends_on"]
    accepted = posted(starts_on="2026-03-27", ends_on="2026-03-27")
    assert (accepted.errors, accepted.ends_on.data) == ({}, date(2026, 3, 27))


def test_comma_list_drops_blanks_and_repeats() -> None:
    assert posted(keywords=" visio, chat ;visio,, ").keywords.data == ["visio", "chat"]


@pytest.mark.parametrize(
    ("typed", "errors"), [("visio-2", []), ("Visio", ["address"]), ("a--b", ["address"])]
)
def test_slug_takes_only_kebab_case(typed: str, errors: list[str]) -> None:
    assert list(posted(address=typed).errors) == errors


def test_attached_errors_reach_their_field_or_the_top() -> None:
    form = posted()

    attach_errors(form, {"name": "Ce nom est déjà pris.", "unknown": ["Règle non respectée."]})

    assert error_items(form) == [
        ("", "", "Règle non respectée."),
        ("name", "Nom", "Ce nom est déjà pris."),
    ]


def test_message_without_field_stands_at_the_top() -> None:
    form = posted()

    attach_errors(form, {}, "Le besoin est déjà publié.")

    assert error_items(form) == [("", "", "Le besoin est déjà publié.")]


def test_control_points_at_its_hint_and_messages() -> None:
    form = posted(name="")

    assert control_attributes(form.name) == {
        "class": "fr-input",
        "aria-describedby": "name-hint name-messages",
        "aria-invalid": "true",
    }
    assert control_attributes(form.password)["autocomplete"] == "current-password"


def test_each_field_has_its_drawing() -> None:
    kinds = {field.short_name: field_kind(field) for field in posted()}

    assert kinds == {
        "name": "input",
        "password": "password",
        "siren": "input",
        "siret": "input",
        "starts_on": "input",
        "ends_on": "input",
        "keywords": "input",
        "address": "input",
        "text": "textarea",
        "choice": "select",
        "level": "radios",
        "criteria": "checkboxes",
        "document": "file",
        "version": "hidden",
    }
