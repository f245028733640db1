"""Forms of accounts and companies."""

from collections.abc import Iterable
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import URL, Email, EqualTo, InputRequired, Length, Optional

from app.accounts.enums import ROLE_LABELS, VendorKind, VendorSize
from app.accounts.services import MINIMUM_LENGTH
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.permissions import Role
from app.web.conflicts import EditForm
from app.web.forms import BaseForm, as_choices

# Members of the European Economic Area, and Switzerland.
EU_COUNTRIES = (
    *("FR", "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE", "IS"),
    *("IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "CH"),
)
NEW_PASSWORD = {"autocomplete": "new-password"}


def _kinds() -> list[Any]:
    return as_choices((kind, kind.label) for kind in VendorKind)


def _sizes() -> list[Any]:
    return as_choices([("", _("Non précisée")), *((size, size.label) for size in VendorSize)])


def _size(value: str) -> VendorSize | None:
    return VendorSize(value) if value else None


class SignInForm(BaseForm):
    email = EmailField(
        _l("Adresse électronique"),
        validators=[InputRequired(), Email()],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Mot de passe"), validators=[InputRequired()], render_kw={"autocomplete": "current-password"}
    )
    remember = BooleanField(_l("Rester connecté sur cet appareil"))


class ForgottenPasswordForm(BaseForm):
    email = EmailField(
        _l("Adresse électronique"), validators=[InputRequired(), Email()], render_kw={"autocomplete": "email"}
    )


class NewPasswordForm(BaseForm):
    password = PasswordField(
        _l("Nouveau mot de passe"),
        description=_l("Au moins %(n)d caractères : une phrase convient très bien.", n=MINIMUM_LENGTH),
        validators=[InputRequired(), Length(min=MINIMUM_LENGTH)],
        render_kw=NEW_PASSWORD,
    )
    again = PasswordField(
        _l("Le même, une seconde fois"),
        validators=[InputRequired(), EqualTo("password", message=_l("Les deux mots de passe diffèrent."))],
        render_kw=NEW_PASSWORD,
    )


class NameForm(BaseForm):
    name = StringField(
        _l("Votre nom"), validators=[InputRequired(), Length(max=300)], render_kw={"autocomplete": "name"}
    )


class _KnowingForm(BaseForm):
    """What changes how one signs in asks for the present password: a session left open is not enough."""

    current = PasswordField(
        _l("Votre mot de passe actuel"),
        validators=[InputRequired()],
        render_kw={"autocomplete": "current-password"},
    )


class ChangePasswordForm(_KnowingForm, NewPasswordForm):
    pass


class AddressForm(_KnowingForm):
    email = EmailField(
        _l("Nouvelle adresse électronique"),
        description=_l("Un lien y sera envoyé ; l’ancienne reste en usage jusqu’à ce que vous l’ayez suivi."),
        validators=[InputRequired(), Email()],
        render_kw={"autocomplete": "email"},
    )


class CompanySignUpForm(BaseForm):
    company = StringField(_l("Nom de l’entreprise"), validators=[InputRequired(), Length(max=300)])
    country = SelectField(_l("Pays"), default="FR")
    siren = StringField(
        _l("Numéro SIREN"),
        description=_l("Neuf chiffres. Obligatoire pour une entreprise française."),
        validators=[Optional(), Length(max=20)],
        render_kw={"inputmode": "numeric"},
    )
    joins = BooleanField(
        _l("Demander à la rejoindre si elle est déjà inscrite"),
        description=_l("Ses gestionnaires, ou un modérateur, vous répondront par courriel."),
    )
    vendor_kind = SelectField(_l("Activité"), choices=_kinds, coerce=VendorKind)
    vendor_size = SelectField(_l("Taille"), choices=_sizes, coerce=_size)
    website = StringField(
        _l("Site internet de l’entreprise"),
        description=_l(
            "Si votre adresse électronique est du même domaine, l’entreprise est vérifiée dès que vous "
            "l’avez "
            "confirmée ; sinon un modérateur s’en charge."
        ),
        validators=[Optional(), URL(), Length(max=500)],
    )
    person = StringField(
        _l("Votre nom"), validators=[InputRequired(), Length(max=300)], render_kw={"autocomplete": "name"}
    )
    email = EmailField(
        _l("Votre adresse électronique professionnelle"),
        validators=[InputRequired(), Email()],
        render_kw={"autocomplete": "email"},
    )
    password = PasswordField(
        _l("Mot de passe"),
        description=_l("Au moins %(n)d caractères : une phrase convient très bien.", n=MINIMUM_LENGTH),
        validators=[InputRequired(), Length(min=MINIMUM_LENGTH)],
        render_kw=NEW_PASSWORD,
    )


class CompanyForm(EditForm):
    name = StringField(
        _l("Nom de l’entreprise"),
        description=_l("Celui d’une entreprise vérifiée, comme son SIREN, ne change qu’après la modération."),
        validators=[InputRequired(), Length(max=300)],
    )
    siren = StringField(
        _l("Numéro SIREN"), validators=[Optional(), Length(max=20)], render_kw={"inputmode": "numeric"}
    )
    vendor_kind = SelectField(_l("Activité"), choices=_kinds, coerce=VendorKind)
    vendor_size = SelectField(_l("Taille"), choices=_sizes, coerce=_size)
    city = StringField(_l("Ville"), validators=[Length(max=120)])
    website = StringField(_l("Site internet"), validators=[Optional(), URL(), Length(max=500)])
    description = TextAreaField(
        _l("Présentation"),
        description=_l("Ce que fait l’entreprise, pour qui, depuis quand."),
        validators=[Length(max=5000)],
    )


class JoinForm(BaseForm):
    organisation = StringField(
        _l("SIREN ou nom exact de l’organisation"), validators=[InputRequired(), Length(max=300)]
    )


class DeclineForm(BaseForm):
    reason = TextAreaField(
        _l("Raison"),
        description=_l("Envoyée par courriel à la personne."),
        validators=[InputRequired(), Length(max=2000)],
    )


class InviteForm(BaseForm):
    email = EmailField(
        _l("Adresse électronique de la personne"),
        description=_l("Un lien valable sept jours y sera envoyé."),
        validators=[InputRequired(), Email(), Length(max=254)],
        render_kw={"autocomplete": "off"},
    )
    role = RadioField(_l("Son rôle"), coerce=Role, validators=[InputRequired()])

    def offer(self, roles: Iterable[Role]) -> None:
        """The roles that may be given; the first is chosen unless the person says otherwise."""
        self.role.choices = as_choices((role.value, ROLE_LABELS[role]) for role in roles)


class InvitedForm(BaseForm):
    name = StringField(
        _l("Votre nom"), validators=[InputRequired(), Length(max=300)], render_kw={"autocomplete": "name"}
    )
    password = PasswordField(
        _l("Mot de passe"),
        description=_l("Au moins %(n)d caractères : une phrase convient très bien.", n=MINIMUM_LENGTH),
        validators=[InputRequired(), Length(min=MINIMUM_LENGTH)],
        render_kw=NEW_PASSWORD,
    )
