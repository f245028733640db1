"""A real portal for the browser: seeded database, gunicorn and worker as processes of their own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

PASSWORD = "Demonstration-2026"
ACCOUNTS = {
    "ambassador": "ambassade.interieur@demo.traitdunion.example",
    "vendor": "contact.armorique-messages@demo.traitdunion.example",
    "organiser": "organisation@demo.traitdunion.example",
    "moderator": "moderation@demo.traitdunion.example",
}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_S = 480
SCREENSHOTS = Path("build/screenshots")
Visit = Callable[..., Page]


TWICE = """
[...document.querySelectorAll("[id]")].map(item => item.id)
  .filter((id, place, all) => all.indexOf(id) !== place)
"""


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of `traitdunion demo`, with its real worker, in a folder of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path_factory.mktemp("portal")
    settings = {"DATA_DIR": str(folder), "PORT": str(port), "DATABASE_URL": "", "REDIS_URL": ""}
    environment = {**os.environ, **settings}
    log = (folder / "portal.log").open("w")
    process = subprocess.Popen(  # our own command
        [sys.executable, "-m", "app.commands", "demo"], env=environment, stdout=log, stderr=log
    )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/sante", timeout=2).close()
            break
        except OSError:
            time.sleep(0.5)
    else:
        pytest.fail(f"the portal did not start: {(folder / 'portal.log').read_text()[-2000:]}")
    yield url
    process.terminate()
    process.wait(timeout=30)
    log.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Closed with its module: while its loop runs, no portal can be served from the same thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_as(portal: str, chromium: Browser) -> Iterator[Visit]:
    """`open_as("vendor", width=375, javascript=True)`: a page signed in to that role ("" for a visitor)."""
    contexts = []
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        refused_on_purpose = any(f"status of {code}" in message.text for code in (404, 409, 422))
        if message.type == "error" and not refused_on_purpose:
            complaints.append(f"{message.text} ({message.location})")

    def visit(role: str = "", *, width: int = 1280, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=portal,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            locale="fr-FR",
            bypass_csp=bool(os.environ.get("SCREENSHOTS")),  # taking a picture injects a style of its own
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if role:
            page.goto("/connexion")
            page.get_by_label("Adresse électronique").fill(ACCOUNTS[role])
            page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
            page.locator("main").get_by_role("button", name="Se connecter").click()
            page.wait_for_url("**/tableau-de-bord")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []  # no script error, nothing refused by the security policy


@pytest.fixture
def check(request: pytest.FixtureRequest) -> Callable[[Page], None]:
    """Run axe on the page, refuse an identifier used twice (a mouse would reach the first only) and sideways
    scrolling, and keep a picture where SCREENSHOTS is set."""
    shots = iter(range(100))

    def inspect(page: Page) -> None:
        name = f"{request.node.name.replace('/', '-')}-{next(shots):02}"
        if os.environ.get("SCREENSHOTS"):
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
        violations = Axe().run(page).response["violations"]
        found = [(item["id"], item["nodes"][0]["html"][:200]) for item in violations]
        assert found == [], f"{page.url}: {found}"
        assert page.evaluate(TWICE) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), page.url

    return inspect
