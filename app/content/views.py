"""The pages that every content has beside its own: history, a version, a comparison, taking a version up
again, giving a draft up, saving by itself. A domain registers them under the address of its thing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.content.forms import ContentForm, publication, typed
from app.content.presenters import comparison, draft_changes, history, preview, version_page
from app.content.queries import find_draft, find_version, get_version, working_content
from app.content.services import Seen
from app.content.spec import Change, Content, Record, Spec
from app.core.errors import Conflict, NotFound
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.permissions import Actor, Permission
from app.web.access import current_actor, requires
from app.web.numbers import whole

Address = Mapping[str, Any]
_TO_CONFIRM = _l("Ce qui avait été vérifié sur ce point sera à confirmer.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """What a domain tells of itself for its history. `read` answers the thing as this actor may see it,
    NotFound otherwise; `hidden` the fields kept from the actor, of the thing and of those of its versions."""

    spec: Spec[Any]
    page: Callable[[Any], str]
    reading: Permission
    read: Callable[[Actor, Address], Any]
    title: Callable[[Any], str]
    address: Callable[[Any], dict[str, Any]]
    hidden: Callable[[Actor, Any, Sequence[Content]], frozenset[str]] = lambda *_asked: frozenset()

    def spec_for_reader(self, thing: Any, *numbers: int | None) -> Spec[Any]:
        """What the person who reads may see of the thing and of these versions."""
        found = (find_version(self.spec, thing, number) for number in numbers if number is not None)
        contents = [row.content for row in found if row is not None]
        return self.spec.without(self.hidden(current_actor(), thing, contents))


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Readable):
    """With drafts. `edit` answers the thing as this actor may change it, NotFound otherwise; `form` an edit
    form with its values from the request; `readers` who reads each field that is not for everyone."""

    edit_page: Callable[[Any], str]
    publish_page: Callable[[Any], str]
    editing: Permission
    edit: Callable[[Actor, Address], Any]
    form: Callable[[Any], ContentForm]
    keep: Callable[[Actor, Any, Content, Seen | None], None]
    drop: Callable[[Actor, Any], None]
    readers: Callable[[Content], Mapping[str, str]] = lambda _content: {}
    announce: Callable[[Any], "Announcement | None"] = lambda _thing: None
    substantive: Any = _TO_CONFIRM
    """What a substantive change is, or does, in the words of its page."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a publication does to people: in words, by name; `confirm`: what its author is asked to tick."""

    consequences: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    confirm: str = ""


def draft_state(published: Published, thing: Any) -> "DraftState | None":
    """What is being written beside a thing, for its editors."""
    row = find_draft(published.spec, thing)
    if row is None:
        return None
    author = row.saved_by.name if row.saved_by is not None else ""
    return DraftState(author, row.saved_at, draft_changes(published.spec, thing))


@dataclass(frozen=True, slots=True)
class DraftState:
    author: str
    saved_at: Any
    changes: tuple[Change, ...]


def seen_now(spec: Record[Any], thing: Any) -> Seen:
    """What an editor who opens the form reads."""
    return Seen(thing.revision, working_content(spec, thing))


def publish_page(published: Published, thing: Any, error: str = "", *, status: int = 409) -> tuple[str, int]:
    """What a publication would make public, and to whom it is told, to be read before; `status` with what
    stands against it."""
    nature, note = publication()
    page = _page(
        "content/publish.html",
        published,
        thing,
        preview=preview(published.spec, thing, published.readers(working_content(published.spec, thing))),
        edit_url=published.edit_page(thing),
        action=published.publish_page(thing),
        error=error,
        nature=nature.value,
        note=note,
        announcement=published.announce(thing),
        substantive=published.substantive,
    )
    return page, status if error else 200


def register(blueprint: Blueprint, rule: str, published: Readable) -> None:
    """Add the pages under `rule`, the address of one thing: those of its history, and of its draft where it
    has drafts."""
    for path, name, view, methods, permission in _PAGES:
        if permission == "editing" and not isinstance(published, Published):
            continue
        blueprint.add_url_rule(
            f"{rule}/{path}",
            name,
            requires(getattr(published, permission))(_bound(view, published)),
            methods=methods,
        )


def _bound(view: Callable[..., Any], published: Readable) -> Callable[..., Any]:
    def bound(**address: Any) -> Any:
        return view(published, address)

    return bound


def _versions(published: Readable, address: Address) -> str:
    thing = published.read(current_actor(), address)
    before = whole(request.args.get("avant"))
    found = history(published.spec_for_reader(thing), thing, before=before)
    return _page("content/versions.html", published, thing, history=found, before=before)


def _version(published: Readable, address: Address) -> str:
    number = address["number"]
    thing = published.read(current_actor(), address)
    spec = published.spec_for_reader(thing, number)
    return _page("content/version.html", published, thing, version=version_page(spec, thing, number))


def _compare(published: Readable, address: Address) -> str:
    thing = published.read(current_actor(), address)
    old, new = whole(request.args.get("de")), whole(request.args.get("a"))
    compared = comparison(published.spec, thing, old, new)
    spec = published.spec_for_reader(thing, compared.old, compared.new)
    return _page("content/compare.html", published, thing, compared=compared.seen_by(spec))


def _take_up(published: Published, address: Address) -> Response:
    thing = published.edit(current_actor(), address)
    row = get_version(published.spec, thing, address["number"])
    published.keep(current_actor(), thing, published.spec.known(row.content), None)
    flash(
        _("La version %(n)d est reprise dans le brouillon : relisez-la, puis publiez.", n=row.number),
        "success",
    )
    return redirect(published.edit_page(thing))


def _drop(published: Published, address: Address) -> str | Response:
    thing = published.edit(current_actor(), address)
    back = published.page(thing)
    if request.method == "GET":
        return _page("content/drop.html", published, thing, draft=draft_state(published, thing), back=back)
    published.drop(current_actor(), thing)
    flash(_("Le brouillon est abandonné : la version publiée est inchangée."), "success")
    return redirect(back)


def _autosave(published: Published, address: Address) -> tuple[Response, int]:
    """Called by the page while one types: 200 with what it has seen from now on, 409 when others wrote."""
    thing = published.edit(current_actor(), address)
    form, spec = published.form(thing), published.spec
    seen = form.seen(spec, thing)
    try:
        published.keep(current_actor(), thing, typed(form, spec, seen), seen)
    except Conflict as error:
        return jsonify(message=error.message), 409
    now_seen = seen_now(spec, thing)
    return jsonify(revision=now_seen.revision, original=now_seen.content), 200


def _page(template: str, published: Readable, thing: Any, **context: Any) -> str:
    address = published.address(thing)
    return render_template(
        template,
        thing=thing,
        title=published.title(thing),
        home=published.page(thing),
        here=lambda name, **more: url_for(f"{request.blueprint}.{name}", **address, **more),
        may_edit=_may_edit(published, address),
        **context,
    )


def _may_edit(published: Readable, address: Address) -> bool:
    if not isinstance(published, Published):
        return False
    try:
        published.edit(current_actor(), address)
    except NotFound:
        return False
    return True


_PAGES: tuple[tuple[str, str, Callable[..., Any], tuple[str, ...], str], ...] = (
    ("versions", "versions", _versions, ("GET",), "reading"),
    ("versions/<int:number>", "content_version", _version, ("GET",), "reading"),
    ("versions/comparer", "compare_versions", _compare, ("GET",), "reading"),
    ("versions/<int:number>/reprendre", "take_up_version", _take_up, ("POST",), "editing"),
    ("brouillon/abandonner", "drop_draft", _drop, ("GET", "POST"), "editing"),
    ("brouillon", "autosave", _autosave, ("POST",), "editing"),
)
