"""The edit form of a content: what its editor had read travels with it, for two people's work is merged."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import request
from wtforms import HiddenField

from app.content.enums import Nature
from app.content.queries import working_content
from app.content.services import Seen
from app.content.spec import Content, Record
from app.web.forms import BaseForm, field_kind
from app.web.numbers import whole

if TYPE_CHECKING:
    from app.content.models import Revised

TAKE = "prendre-"


class ContentForm(BaseForm):
    """Parent of the forms of what several people write."""

    revision = HiddenField(default="0")
    original = HiddenField(default="")

    def answers(self) -> dict[str, Any]:
        """The fields of the content that the form asks for, as Python values."""
        raise NotImplementedError

    def seen(self, spec: Record[Any], thing: "Revised") -> Seen:
        """What was read before writing; an unreadable one counts as having read nothing."""
        if whole(self.revision.data) == thing.revision:
            return Seen(thing.revision, working_content(spec, thing))
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


def written(form: ContentForm, spec: Record[Any], seen: Seen) -> Content:
    """What the person wants to say: their answers, but for the fields where they chose what another one had
    saved; what the form does not ask stays as it was read."""
    mine = _with_answers(spec, seen, form.answers())
    taken = {field.name for field in spec.fields if request.form.get(TAKE + field.name) == "autre"}
    return {name: seen.content[name] if name in taken else value for name, value in mine.items()}


def typed(form: ContentForm, spec: Record[Any], seen: Seen) -> Content:
    """What stands in a form that may be incomplete; a number typed in letters is left as it was read."""
    unread = {field.short_name for field in form if field.process_errors and field_kind(field) != "hidden"}
    answers = {name: value for name, value in form.answers().items() if name not in unread}
    return _with_answers(spec, seen, answers)


def _with_answers(spec: Record[Any], seen: Seen, answers: Mapping[str, Any]) -> Content:
    return {
        field.name: field.dump(answers[field.name]) if field.name in answers else seen.content[field.name]
        for field in spec.fields
    }


def publication() -> tuple[Nature, str]:
    """The author's word on the change being published, and its nature."""
    given = request.form.get("nature", "")
    nature = Nature(given) if given in set(Nature) else Nature.SUBSTANTIVE
    return nature, request.form.get("note", "")[:1000]


def expected_revision() -> int | None:
    """The revision the page being sent was read at; None where it carries none, 0 when tampered with."""
    given = request.form.get("revision")
    return None if given is None else whole(given) or 0
