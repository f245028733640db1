"""Every form one can reach, sent after its session has ended: signing in again, it is there, filled."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from app.accounts.services.passwords import hash_password
from app.core.db import db
from app.permissions import Role
from tests.browser.conftest import FLAGS, PASSWORD
from tests.factories import (
    make_administration,
    make_category,
    make_criterion,
    make_need,
    make_offer,
    make_user,
)
from tests.integration.events.factories import make_event, make_pair, make_published

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_PAGES = 60
# What a person writes in each kind of field of the form numbered `index`; answers what was put in.
FILL = """(index) => {
  const form = document.forms[index];
  const put = {};
  for (const control of form.elements) {
    if (!control.name || ["hidden", "submit", "password", "file", "button"].includes(control.type)) continue;
    if (control.disabled || control.readOnly) continue;
    if (["checkbox", "radio"].includes(control.type)) continue;
    if (control.tagName === "SELECT") {
      if (control.options.length) control.selectedIndex = control.options.length - 1;
    } else if (control.type === "date") control.value = "2031-05-17";
    else if (control.type === "datetime-local") control.value = "2031-05-17T09:30";
    else if (control.type === "time") control.value = "09:30";
    else if (control.type === "number") control.value = "7";
    else control.value = `Écrit « ici » <b> & ${control.name}`;
    put[control.name] = control.value;
  }
  return put;
}"""
READ = """() => {
  const told = document.getElementById("reprise");
  const form = told && told.closest("form");
  if (!form) return null;
  return Object.fromEntries([...form.elements].filter((c) => c.name && c.type !== "hidden"
    && !["checkbox", "radio"].includes(c.type)).map((c) => [c.name, c.value]));
}"""
FORMS = """() => {
  const apart = ["hidden", "submit", "password", "file", "button", "checkbox", "radio"];
  return [...document.forms].map((form, index) => ({
    index, method: form.method, action: new URL(form.getAttribute("action") || "", location.href).pathname,
    asks: [...form.elements].some((c) => c.name && !apart.includes(c.type) && !c.readOnly),
  }));
}"""
LINKS = """() => [...document.querySelectorAll("main a[href], header a[href]")]
  .map((link) => new URL(link.href)).filter((url) => url.origin === location.origin)
  .map((url) => url.pathname)"""
SEND = "(i) => { const form = document.forms[i]; HTMLFormElement.prototype.submit.call(form); }"
ROLES = (Role.AMBASSADOR, Role.VENDOR, Role.ORGANISER, Role.MODERATOR)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """A small portal in this process, with one of each thing; its forms are protected as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        yield browser
        browser.close()


def person(role: Role) -> str:
    """Somebody in this role, with one of each thing to write about; answers their address."""
    make_category()
    make_criterion("sme")
    user = make_user(role, password_hash=hash_password(PASSWORD))
    organisation = user.memberships[0].organisation
    make_event()
    make_need(organisation if role is Role.AMBASSADOR else make_administration())
    make_offer(organisation if role is Role.VENDOR else None)
    return user.email


def signed_in(browser: Browser, address: str, email: str, *, javascript: bool = True) -> Page:
    context = browser.new_context(base_url=address, java_script_enabled=javascript, locale="fr-FR")
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/connexion")
    sign_in(page, email)
    return page


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("Adresse électronique").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Se connecter").click()


def pattern(path: str) -> str:
    """The same for every need, offer or event."""
    named = r"/(offres|evenements|organisation-evenements|fournisseurs)/[^/]+"
    return re.sub(named, r"/\1/*", re.sub(r"\d+", "#", path))


def pages_of(page: Page) -> Iterator[str]:
    """Addresses reachable from the dashboard, one of each kind."""
    waiting, seen = ["/tableau-de-bord"], {pattern("/tableau-de-bord")}
    for _ in range(MOST_PAGES):
        if not waiting:
            return
        path = waiting.pop(0)
        answer = page.goto(path)
        if answer is None or not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            continue
        yield path
        for link in page.evaluate(LINKS):
            if pattern(link) not in seen and "." not in link:  # a file to download
                seen.add(pattern(link))
                waiting.append(link)


@pytest.mark.parametrize("role", ROLES)
def test_nothing_typed_is_lost_in_any_form(address: str, chromium: Browser, role: Role) -> None:
    page = signed_in(chromium, address, person(role))
    page.wait_for_url("**/tableau-de-bord")
    cookies, tried, lost = page.context.cookies(), set[str](), []
    pages = list(pages_of(page))
    for path in pages:
        page.goto(path)
        for form in page.evaluate(FORMS):
            kind = pattern(form["action"])
            if form["method"] != "post" or not form["asks"] or kind in tried:
                continue
            tried.add(kind)
            page.goto(path)
            put = page.evaluate(FILL, form["index"])
            found = resumed(page, form["index"], cookies)
            if found is None or any(found.get(name) != value for name, value in put.items()):
                lost.append((path, form["action"], put, found))
    print(f"{role}: {len(pages)} pages, {len(tried)} forms: {sorted(tried)}")  # noqa: T201 - the figure to report
    assert lost == []
    assert tried


def resumed(page: Page, form: int, cookies: list[Any]) -> dict[str, str] | None:
    """Send the form without a session, then open what signing in leads to; answers what the form holds."""
    page.context.clear_cookies()
    with page.expect_navigation():
        page.evaluate(SEND, form)
    page.context.add_cookies(cookies)
    after = parse_qs(urlsplit(page.url).query).get("next", [""])[0]
    if after:
        page.goto(after)
    found: dict[str, str] | None = page.evaluate(READ)
    return found


def test_after_signing_in_again_the_need_is_there_filled(address: str, chromium: Browser) -> None:
    """By hand, without JavaScript, from the form to the form."""
    email = person(Role.AMBASSADOR)
    page = signed_in(chromium, address, email, javascript=False)
    page.goto("/besoins/nouveau")
    title = page.get_by_label("Votre besoin, en une phrase")
    title.fill("Messagerie d’été")
    page.get_by_label("Ce dont vous avez besoin").fill("Nos agents échangent des messages, où qu’ils soient.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.get_by_text("rien n’est perdu").wait_for()
    sign_in(page, email)
    page.get_by_text("Voici ce que vous aviez écrit").wait_for()
    assert title.input_value() == "Messagerie d’été"
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.get_by_role("heading", name="Messagerie d’été").wait_for()


def test_a_draft_saves_itself_and_is_cleared_once_accepted(address: str, chromium: Browser) -> None:
    page = signed_in(chromium, address, person(Role.VENDOR))
    page.goto("/mes-offres")
    page.get_by_role("link", name=re.compile("^Modifier")).first.click()
    price = page.get_by_label("Prix")
    price.press_sequentially("Quatre euros")
    page.get_by_text("Brouillon enregistré").wait_for()
    page.reload()
    assert price.input_value() == "Quatre euros"
    price.fill("Cinq euros")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.get_by_text("Le brouillon est enregistré").wait_for()
    page.wait_for_function("!Object.keys(localStorage).some((key) => key.startsWith('draft:'))", timeout=5000)


def test_a_programme_saves_itself_and_its_publication_names_who_is_written_to(
    address: str, chromium: Browser, check: Callable[[Page], None]
) -> None:
    """From the hours of a published slot to the page that publishes them, on a telephone."""
    user = make_user(Role.ORGANISER, password_hash=hash_password(PASSWORD))
    event = make_event(slots=2)
    make_published(event, [(*make_pair(event), 0)])
    db.session.commit()
    page = signed_in(chromium, address, user.email)
    page.wait_for_url("**/tableau-de-bord")
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"/organisation-evenements/{event.slug}/creneaux")
    check(page)
    page.get_by_label("Fin, ligne 1").fill("09:24")
    page.get_by_text("Brouillon enregistré").wait_for()
    page.reload()
    assert page.get_by_label("Fin, ligne 1").input_value() == "09:24"
    page.locator("form[data-autosave]").get_by_role("button", name="Relire et publier…").click()
    page.get_by_text("Un courriel partira à 2 délégations").wait_for()
    check(page)
    page.get_by_text("Je confirme le changement").click()
    page.get_by_role("button", name="Publier").click()
    page.get_by_text("L’événement est publié.").wait_for()
    check(page)


def test_what_two_organisers_changed_is_merged_on_a_page_anybody_can_read(
    address: str, chromium: Browser
) -> None:
    user = make_user(Role.ORGANISER, password_hash=hash_password(PASSWORD))
    event = make_event(slots=1)
    db.session.commit()
    page = signed_in(chromium, address, user.email, javascript=False)
    page.set_viewport_size({"width": 320, "height": 800})
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"/organisation-evenements/{event.slug}/modifier")
    other.get_by_label("Lieu").fill("Lyon")
    other.get_by_role("button", name="Enregistrer le brouillon").click()
    other.get_by_text("Un brouillon est en cours").wait_for()
    page.get_by_label("Lieu").fill("Lille")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.get_by_text("Une autre personne a enregistré entre-temps").wait_for()
    for shown in ("Bercy", "Lyon", "Lille"):
        page.get_by_text(shown).first.wait_for()
