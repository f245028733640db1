"""The edit form of a content: what its editor had read travels with it, for two people's work is merged."""

import json
from collections.abc import Mapping
from typing import Any

from flask import request
from wtforms import HiddenField

from app.content.enums import Nature
from app.content.services import Seen
from app.content.spec import Content, Spec
from app.web.forms import BaseForm, field_kind
from app.web.numbers import whole

TAKE = "prendre-"


class ContentForm(BaseForm):
    """Parent of the forms of versioned things."""

    revision = HiddenField(default="0")
    original = HiddenField(default="")

    def seen(self, spec: Spec[Any]) -> Seen:
        """What was read before writing; an unreadable one counts as having read nothing."""
        try:
            original = json.loads(self.original.data or "")
        except (ValueError, RecursionError):
            original = None
        return Seen(whole(self.revision.data) or 0, spec.known(original))

    def now_seen(self, seen: Seen) -> None:
        """Carry what the page shows from now on."""
        for field, value in ((self.revision, str(seen.revision)), (self.original, json.dumps(seen.content))):
            field.data, field.raw_data = value, None


def carried(seen: Seen | None) -> dict[str, str]:
    """Initial values of the two hidden fields."""
    if seen is None:
        return {}
    return {"revision": str(seen.revision), "original": json.dumps(seen.content)}


def chosen(spec: Spec[Any], seen: Seen, mine: Content) -> Content:
    """`mine`, but for the fields where the person chose what the other one had saved."""
    taken = {field.name for field in spec.fields if request.form.get(TAKE + field.name) == "autre"}
    return {name: seen.content[name] if name in taken else value for name, value in mine.items()}


def typed(form: BaseForm, values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` without those of fields that could not be read (a number typed in letters): a draft keeps the
    rest."""
    unread = {field.short_name for field in form if field.process_errors and field_kind(field) != "hidden"}
    return {name: value for name, value in values.items() if name not in unread}


def publication() -> tuple[Nature, str]:
    """The author's word on the change being published, and its nature."""
    given = request.form.get("nature", "")
    nature = Nature(given) if given in set(Nature) else Nature.SUBSTANTIVE
    return nature, request.form.get("note", "")[:1000]


def expected_revision() -> int | None:
    """The revision the page being sent was read at; None where it carries none, 0 when tampered with."""
    given = request.form.get("revision")
    return None if given is None else whole(given) or 0
