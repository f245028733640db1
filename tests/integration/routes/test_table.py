"""Every route, by every method, for every role: the whole table is tried on a seeded portal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.routes.portal import ROLES, Portal, seeded
from tests.integration.routes.table import TABLE

ROWS = {(line.split()[0], line.split()[1]): line.split()[2:] for line in TABLE.strip().splitlines()}


@pytest.fixture(scope="module")
def portal(
    tmp_path_factory: pytest.TempPathFactory, migrated_template: Path | None, postgres_url: str | None
) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("routes")
    if migrated_template is not None:
        (folder / "portal.db").write_bytes(migrated_template.read_bytes())
    with seeded(folder, postgres_url or f"sqlite:///{folder / 'portal.db'}") as found:
        yield found


def routes_of(portal: Portal) -> dict[tuple[str, str], set[str]]:
    return {
        (method, rule.endpoint): set(rule.arguments)
        for rule in portal.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_has_a_row_and_every_row_a_route(portal: Portal) -> None:
    known = routes_of(portal)
    new = sorted(set(known) - set(ROWS))
    lines = [f"{method:4} {endpoint} " + "? " * len(ROLES) for method, endpoint in new]
    message = "Say in tests/integration/routes/table.py who may reach, for {}:\n{}"
    assert not new, message.format(", ".join(ROLES), "\n".join(lines))
    assert sorted(set(ROWS) - set(known)) == [], "These rows of table.py have no route any more."


def test_every_row_answers_for_every_role() -> None:
    assert {row: len(answers) for row, answers in ROWS.items() if len(answers) != len(ROLES)} == {}


def test_every_row_lets_somebody_in() -> None:
    """A row of "404" alone would hold of a route that does not work."""
    assert [row for row, answers in ROWS.items() if set(answers) <= {"404", "in"}] == [
        ("POST", "accounts.change_address")  # it takes who follows a mailed link for nobody else
    ]


@pytest.mark.parametrize(("method", "endpoint"), sorted(ROWS), ids=map(" ".join, sorted(ROWS)))
def test_the_answer_is_the_one_of_the_table(portal: Portal, method: str, endpoint: str) -> None:
    arguments = routes_of(portal)[method, endpoint]
    found = [portal.answer(method, endpoint, arguments, role) for role in ROLES]
    assert dict(zip(ROLES, found, strict=True)) == dict(zip(ROLES, ROWS[method, endpoint], strict=True))
