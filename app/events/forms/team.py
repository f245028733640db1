"""The form that adds a person to the team of an event."""

from wtforms import EmailField
from wtforms.validators import Email, InputRequired, Length

from app.core.i18n import lazy_gettext as _l
from app.web.forms import BaseForm


class TeamForm(BaseForm):
    email = EmailField(
        _l("Adresse électronique d’un organisateur"),
        validators=[InputRequired(), Email(), Length(max=254)],
        render_kw={"autocomplete": "off"},
    )
