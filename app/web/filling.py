"""Putting what somebody had typed back into the form of a page, whatever the form: on the page's HTML."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from lxml import html

Typed = Sequence[tuple[str, str]]
_NEVER = {"csrf_token", "typed_by", "reprise"}
_BUTTONS = {"submit", "button", "image", "reset"}
_SECRET = {"password", "file"}


def fill(page: str, *, address: str, action: str, typed: Typed, notice: str, token: str) -> str | None:
    """The page (shown at `address`) with its form that sends to `action` filled; None where there is none.

    `notice` is HTML put at the top of the form; `token` travels with it, so that what is kept is forgotten
    once sent. What has no field on the page (a sixth category) travels hidden."""
    document = html.document_fromstring(page)
    form = _form_of(document, address, action, typed)
    if form is None:
        return None
    left = _fill_controls(_controls(document, form), typed)
    for name, value in [*left, ("reprise", token)]:
        form.insert(0, html.Element("input", type="hidden", name=name, value=value))
    form.insert(0, html.fragment_fromstring(notice))
    return str(html.tostring(document, encoding="unicode", doctype="<!doctype html>"))


def _form_of(document: html.HtmlElement, address: str, action: str, typed: Typed) -> html.HtmlElement | None:
    """Of the forms sent to that address, the one most like what was typed: same names, same hidden values."""
    wanted, names, pairs = urlsplit(action).path, {name for name, _value in typed}, set(typed)

    def likeness(form: html.HtmlElement) -> int:
        controls = _controls(document, form)
        hidden = [item for item in controls if item.get("type") == "hidden"]
        same = sum((item.get("name"), item.get("value", "")) in pairs for item in hidden)
        return 10 * same + len({item.get("name") for item in controls} & names)

    targets = [
        form
        for form in document.iter("form")
        if (form.get("method") or "get").lower() == "post"
        and urlsplit(urljoin(address, form.get("action") or address)).path == wanted
    ]
    return max(targets, key=likeness, default=None)


def _controls(document: html.HtmlElement, form: html.HtmlElement) -> list[html.HtmlElement]:
    """Named controls of a form, those outside it that name it too."""
    inside = list(form.iter("input", "select", "textarea", "button"))
    if form.get("id"):
        inside += [
            item
            for item in document.iter("input", "select", "textarea", "button")
            if item.get("form") == form.get("id") and item not in inside
        ]
    return [item for item in inside if item.get("name") and item.get("name") not in _NEVER]


def _fill_controls(controls: Sequence[html.HtmlElement], typed: Typed) -> list[tuple[str, str]]:
    """Fill each control with its value, in order; answers what found no place."""
    given: dict[str, list[str]] = defaultdict(list)
    for name, value in typed:
        given[name].append(value)
    apart = {item.get("name") for item in controls if _is_button(item) or item.get("type") in _SECRET}
    used: Counter[tuple[str, str]] = Counter()
    places: Counter[str] = Counter()
    for control in controls:
        name = str(control.get("name"))
        if _is_button(control) or control.get("type") in _SECRET:
            continue
        for value in _fill_one(control, given[name], places[name]):
            used[name, value] += 1
        places[name] += 1
    left = Counter((name, value) for name, value in typed if name not in apart | _NEVER)
    return list((left - used).elements())


def _fill_one(control: html.HtmlElement, values: Sequence[str], place: int) -> list[str]:
    """Values of `values` that this control, the `place`-th of its name, now shows."""
    if control.get("type") in {"checkbox", "radio"}:
        own = control.get("value", "on")
        _set(control, "checked", own in values)
        return [own] if own in values else []
    if control.tag == "select":
        wanted = set(values if "multiple" in control.attrib else values[place : place + 1])
        if not values:
            return []
        shown = []
        for option in control.iter("option"):
            own = option.get("value", option.text_content().strip())
            _set(option, "selected", own in wanted)
            shown += [own] if own in wanted else []
        return shown
    if place >= len(values):
        return []
    if control.tag == "textarea":
        control.text = "\n" + values[place].replace("\r\n", "\n")  # HTML drops the first line end
    else:
        control.set("value", values[place])
    return [values[place]]


def _set(element: html.HtmlElement, attribute: str, on: bool) -> None:
    if on:
        element.set(attribute, attribute)
    else:
        element.attrib.pop(attribute, None)


def _is_button(control: html.HtmlElement) -> bool:
    return control.tag == "button" or control.get("type") in _BUTTONS
