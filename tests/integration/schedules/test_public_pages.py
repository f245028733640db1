import pytest

from app.core.db import db
from app.events.enums import EventStatus, Side
from app.meetings.services import lead_session
from app.permissions import SYSTEM, Role
from app.schedules.reports import Answer
from app.schedules.services.planning import record_schedule
from tests.clients import IsolatedClient
from tests.factories import make_user
from tests.integration.events.factories import make_delegation, make_event, make_pair, make_published
from tests.query_counts import counted_queries


def test_browse_hides_drafts_from_the_public(client: IsolatedClient) -> None:
    make_event(name="Rencontres ouvertes")
    make_event(name="Rencontres secrètes", status=EventStatus.DRAFT)
    page = client.get("/evenements").text
    assert ("Rencontres ouvertes" in page, "Rencontres secrètes" in page) == (True, False)


def test_browse_costs_the_same_with_one_and_three_events(client: IsolatedClient) -> None:
    make_delegation(make_event(), Side.VENDOR)
    client.get("/evenements")
    with counted_queries() as one:
        client.get("/evenements")
    for _number in range(2):
        make_delegation(make_event(), Side.VENDOR)
    with counted_queries() as three:
        client.get("/evenements")
    assert len(three) == len(one)


def test_event_draft_does_not_exist_for_the_public(client: IsolatedClient) -> None:
    event = make_event(status=EventStatus.DRAFT)
    assert client.get(f"/evenements/{event.slug}").status_code == 404
    organiser = make_user(Role.ORGANISER)
    assert client.sign_in(organiser).get(f"/evenements/{event.slug}").status_code == 200


def test_event_shows_occupancy_but_no_private_agenda(client: IsolatedClient) -> None:
    event = make_event(slots=2)
    administration, vendor = make_pair(event)
    make_published(event, [(administration, vendor, 0)])
    page = client.get(f"/evenements/{event.slug}").text
    assert "1 / 4" in page
    assert "Table 1" not in page


@pytest.mark.parametrize(
    "path", ["/organisation-evenements", "/rencontres", "/mon-agenda", "/mon-agenda.ics"]
)
def test_private_pages_send_visitors_to_sign_in(client: IsolatedClient, path: str) -> None:
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("role", [Role.AMBASSADOR, Role.VENDOR, Role.MODERATOR])
@pytest.mark.parametrize("page", ["", "/creneaux", "/participants", "/souhaits", "/sessions", "/planning"])
def test_organiser_pages_do_not_exist_for_others(client: IsolatedClient, role: Role, page: str) -> None:
    event = make_event()
    client.sign_in(make_user(role))
    assert client.get(f"/organisation-evenements/{event.slug}{page}").status_code == 404


def test_event_with_sessions_costs_the_same_with_one_and_three(client: IsolatedClient) -> None:
    event = make_event(slots=3)
    path = f"/evenements/{event.slug}"

    def add(position: int) -> None:
        host, vendor = make_pair(event)
        lead_session(
            SYSTEM,
            event,
            host=host,
            slot=event.slots[position],
            theme="x",
            room=0,
            capacity=2,
            vendors=[vendor],
        )
        db.session.commit()

    add(0)
    client.get(path)
    with counted_queries() as one:
        client.get(path)
    add(1)
    add(2)
    with counted_queries() as three:
        client.get(path)
    assert len(three) == len(one)


def test_record_schedule_is_kept_once_for_a_run(client: IsolatedClient) -> None:
    event = make_event(slots=1)
    version = make_published(event, [(*make_pair(event), 0)])
    assert version.run is not None
    again = record_schedule(version.run.id, Answer())
    assert again is version
