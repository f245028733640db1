"""The order of a publication, whatever is published: the draft takes the place of what was public, what it
lacks is said, it is shown, numbered, recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.audit.services import record
from app.content.enums import Nature
from app.content.models import VersionRow
from app.content.queries import find_draft, working_content
from app.content.services.drafts import project
from app.content.services.versions import add_version
from app.content.spec import Spec
from app.core.errors import InvalidTransition
from app.permissions import Actor

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing(Generic[Thing]):
    """What a domain says of publishing its things. `name`: of its records in the journal; `ready` raises what
    a thing lacks to be public; `show` makes it so, whatever it was; `already` refuses what is public and has
    no draft."""

    spec: Spec[Thing]
    name: str
    ready: Callable[[Thing], None]
    show: Callable[[Thing], None]
    is_shown: Callable[[Thing], bool]
    already: Any


def publish(
    actor: Actor, order: Publishing[Any], thing: Any, *, nature: Nature, note: str
) -> VersionRow | None:
    """Make public what is being written; None when the latest version already says the same."""
    spec = order.spec
    if find_draft(spec, thing) is not None:
        project(spec, thing, working_content(spec, thing))
    elif order.is_shown(thing):
        raise InvalidTransition(str(order.already))
    order.ready(thing)
    order.show(thing)
    row = add_version(actor, spec, thing, nature=nature, note=note)
    record(actor, f"{order.name}.published", thing, version=thing.version, note=note, nature=nature.value)
    return row
