"""Every page that the table of routes opens to somebody, in a browser, as the first who may open it: axe
finds nothing, nothing scrolls sideways."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import BaseWSGIServer, make_server

from tests.browser.conftest import START_S
from tests.integration.routes.portal import ROLES, Portal, seeded
from tests.integration.routes.test_table import ROWS, routes_of

FILES = {
    *("doctrine.note_file", "matchmaking.verdicts_zip", "moderation.sample", "moderation.verdicts_zip"),
    *("pages.health", "schedules.export_problem", "schedules.export_schedule", "schedules.my_calendar"),
    "schedules.followed_calendar",
    "static",
}
"""Answers that are no page."""
OPENED = {
    endpoint: next(role for role, answer in zip(ROLES, answers, strict=True) if answer == "200")
    for (method, endpoint), answers in ROWS.items()
    if method == "GET" and "200" in answers and endpoint not in FILES
}


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, migrated_template: Path | None
) -> Iterator[tuple[Portal, str]]:
    """The portal of the table of routes and where it answers; whatever it changes is undone."""
    folder = tmp_path_factory.mktemp("pages")
    if migrated_template is not None:
        (folder / "portal.db").write_bytes(migrated_template.read_bytes())
    started: Queue[tuple[Portal, BaseWSGIServer]] = Queue()

    def serve() -> None:  # in one thread from its seed to its end: the browser's has a loop of its own
        with seeded(folder, f"sqlite:///{folder / 'portal.db'}") as portal:
            server = make_server("127.0.0.1", 0, portal.app, threaded=True)
            started.put((portal, server))
            server.serve_forever()

    thread = threading.Thread(target=serve)
    thread.start()
    portal, server = started.get(timeout=START_S)
    yield portal, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def signed_cookie(portal: Portal, role: str) -> str:
    serializer = portal.app.session_interface.get_signing_serializer(portal.app)  # type: ignore[attr-defined]
    return str(serializer.dumps({"_user_id": portal.tokens[role], "_fresh": True}))


@pytest.mark.parametrize("width", [320] if "CI" in os.environ else [1280, 320])
@pytest.mark.parametrize("role", sorted(set(OPENED.values()), key=ROLES.index))
def test_every_page_of_a_role(
    served: tuple[Portal, str],
    chromium: Browser,
    check: Callable[[Page], None],
    role: str,
    width: int,
) -> None:
    portal, address = served
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="fr-FR", bypass_csp=True)
    if role in portal.tokens:
        context.add_cookies([{"name": "session", "value": signed_cookie(portal, role), "url": address}])
    page, known = context.new_page(), routes_of(portal)
    for endpoint in sorted(endpoint for endpoint, who in OPENED.items() if who == role):
        answer = page.goto(address + portal.path("GET", endpoint, known["GET", endpoint]))
        assert answer is not None
        assert answer.status == 200, endpoint
        assert page.locator("h1").count() == 1, endpoint
        check(page)
    context.close()
