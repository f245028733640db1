import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Organisation
from app.core.db import db
from app.events.enums import EventStatus, Side
from app.events.models import Event
from app.events.queries.delegations import find_delegation
from app.events.services import publish_event
from app.meetings.enums import PairRuleKind
from app.meetings.models import PairRule
from app.permissions import SYSTEM, Role
from tests.clients import IsolatedClient
from tests.factories import make_need, make_user, make_vendor
from tests.integration.events.factories import (
    make_delegation,
    make_event,
    make_pair,
    make_published,
    make_request,
    make_version,
)
from tests.query_counts import counted_queries

EVENT = {
    "name": "Rencontres de Bercy",
    "place": "Bercy",
    "held_on": "2027-03-26",
    "timezone": "Europe/Paris",
    "tables": "12",
    "rooms": "2",
}


@pytest.fixture
def organiser(client: IsolatedClient) -> IsolatedClient:
    return client.sign_in(make_user(Role.ORGANISER))


def test_create_event_then_its_slots(organiser: IsolatedClient) -> None:
    answer = organiser.post("/organisation-evenements/nouveau", data=EVENT)
    assert answer.location == "/organisation-evenements/rencontres-de-bercy/creneaux?date=2027-03-26"
    assert 'value="2027-03-26"' in organiser.get(answer.location).text
    day = {
        "held_on": "2027-03-26",
        "first_at": "09:00",
        "length_min": 20,
        "count": 14,
        "pause_min": 5,
        "version": 1,
    }
    answer = organiser.post("/organisation-evenements/rencontres-de-bercy/creneaux/generer", data=day)
    assert answer.status_code == 302
    event = db.session.query(Event).one()
    assert (len(event.slots), event.days) == (14, [date(2027, 3, 26)])


def test_create_event_with_no_table_says_so_beside_the_field(organiser: IsolatedClient) -> None:
    page = organiser.post("/organisation-evenements/nouveau", data=EVENT | {"tables": "0"})
    assert page.status_code == 422
    assert "Rencontres de Bercy" in page.text
    assert "tables-messages" in page.text


def test_change_status_asks_before_closing(organiser: IsolatedClient) -> None:
    event = make_event()
    path = f"/organisation-evenements/{event.slug}/etat"
    assert "Clore cet événement ?" in organiser.get(path).text
    assert db.session.scalars(sa.select(Event.status)).all() == [EventStatus.OPEN]
    organiser.post(path, data={"etat": "clore"})
    assert db.session.scalars(sa.select(Event.status)).all() == [EventStatus.CLOSED]


def test_edit_slots_one_by_one(organiser: IsolatedClient) -> None:
    event = make_event(slots=2)
    rows = {
        "slot0-day": "2027-03-26",
        "slot0-starts": "10:00",
        "slot0-ends": "10:30",
        "slot0-tables": "3",
        "slot1-day": "2027-03-26",
        "slot1-starts": "11:00",
        "slot1-ends": "11:30",
        "slot1-remove": "y",
        "slot2-day": "2027-03-26",
        "slot2-starts": "14:00",
        "slot2-ends": "14:30",
    }
    answer = organiser.post(f"/organisation-evenements/{event.slug}/creneaux", data=rows | {"version": 1})
    assert answer.status_code == 302
    publish_event(SYSTEM, event)
    assert [(slot.starts_at.hour, slot.tables) for slot in event.slots] == [(9, 3), (13, None)]


def test_slots_are_offered_again_as_they_are(organiser: IsolatedClient) -> None:
    event = make_event(slots=2)
    page = organiser.get(f"/organisation-evenements/{event.slug}/creneaux").text
    length = event.slots[0].ends_at - event.slots[0].starts_at
    pause = event.slots[1].starts_at - event.slots[0].ends_at
    for name, minutes in (("length_min", length), ("pause_min", pause)):
        assert re.search(rf'name="{name}"[^>]*value="{int(minutes.total_seconds() // 60)}"', page)
    assert "Je confirme" not in page


def test_edit_slots_that_overlap_keeps_what_was_typed(organiser: IsolatedClient) -> None:
    event = make_event(slots=1)
    rows = {
        "slot0-day": "2027-03-26",
        "slot0-starts": "10:00",
        "slot0-ends": "11:00",
        "slot1-day": "2027-03-26",
        "slot1-starts": "10:30",
        "slot1-ends": "11:30",
    }
    page = organiser.post(f"/organisation-evenements/{event.slug}/creneaux", data=rows | {"version": 1})
    assert page.status_code == 422
    assert "se chevauchent" in page.text
    assert 'value="10:30"' in page.text


def test_edit_slots_with_a_bad_hour_names_the_line(organiser: IsolatedClient) -> None:
    event = make_event(slots=1)
    rows = {"slot0-day": "2027-03-26", "slot0-starts": "midi", "slot0-ends": "11:00"}
    page = organiser.post(f"/organisation-evenements/{event.slug}/creneaux", data=rows | {"version": 1})
    assert page.status_code == 422
    assert "Créneau 1 : Saisissez une heure" in page.text


def test_add_participant_with_absences(organiser: IsolatedClient) -> None:
    event, vendor = make_event(), make_vendor()
    answer = organiser.post(
        f"/organisation-evenements/{event.slug}/participants/nouveau",
        data={
            "organisation": vendor.id,
            "min_meetings": 1,
            "max_meetings": 5,
            "absent0-day": "2027-03-26",
            "absent0-starts": "09:50",
            "absent0-ends": "10:10",
        },
    )
    assert answer.status_code == 302
    delegation = find_delegation(event.id, vendor.id)
    assert delegation is not None
    assert [delegation.is_away(slot.period) for slot in event.slots] == [False, False, True]


def test_edit_participant_with_a_taken_table_says_so(organiser: IsolatedClient) -> None:
    event = make_event()
    make_delegation(event, Side.ADMINISTRATION, table=0)
    delegation = make_delegation(event, Side.ADMINISTRATION)
    page = organiser.post(
        f"/organisation-evenements/{event.slug}/participants/{delegation.id}",
        data={"min_meetings": 0, "max_meetings": 5, "table": 1, "version": 1},
    )
    assert page.status_code == 422
    assert "Cette table est déjà celle d’une autre délégation." in page.text


def test_edit_participant_shows_its_absences(organiser: IsolatedClient) -> None:
    event = make_event()
    delegation = make_delegation(event, Side.VENDOR, away=(1,))
    page = organiser.get(f"/organisation-evenements/{event.slug}/participants/{delegation.id}").text
    shown = re.findall(r'name="absent0-(day|starts|ends)"[^>]*value="([^"]*)"', page)
    assert shown == [("day", "2027-03-26"), ("starts", "09:25"), ("ends", "09:45")]


def test_remove_participant_asks_before(organiser: IsolatedClient) -> None:
    event = make_event()
    delegation = make_delegation(event, Side.VENDOR)
    organisation_id = delegation.organisation_id
    path = f"/organisation-evenements/{event.slug}/participants/{delegation.id}/retirer"
    assert organiser.get(path).status_code == 200
    assert organiser.post(path).status_code == 302
    assert find_delegation(event.id, organisation_id) is None


def test_participant_of_another_event_does_not_exist(organiser: IsolatedClient) -> None:
    event, delegation = make_event(), make_delegation(make_event(), Side.VENDOR)
    assert (
        organiser.get(f"/organisation-evenements/{event.slug}/participants/{delegation.id}").status_code
        == 404
    )


def test_set_and_remove_a_rule(organiser: IsolatedClient) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    path = f"/organisation-evenements/{event.slug}/souhaits/regle"
    slot = event.slots[1].id
    rule = {"administration": administration.id, "vendor": vendor.id, "kind": "pinned", "slot": slot}
    assert organiser.get(path).status_code == 200
    assert organiser.post(path, data=rule).status_code == 302
    kept = db.session.query(PairRule).one()
    assert (kept.kind, kept.slot_id) == (PairRuleKind.PINNED, slot)
    assert "Imposée" in organiser.get(f"/organisation-evenements/{event.slug}/souhaits").text
    assert organiser.post(f"{path}/{kept.id}/retirer").status_code == 302
    assert db.session.query(PairRule).count() == 0


def add_wish(event: Event) -> None:
    make_request(*make_pair(event), need=make_need())


def add_delegation(event: Event) -> None:
    make_delegation(event, Side.VENDOR, away=(1,))


def add_version(event: Event) -> None:
    make_version(event, [(*make_pair(event), 0)])


@pytest.mark.parametrize(
    ("page", "add"), [("/souhaits", add_wish), ("/participants", add_delegation), ("/planning", add_version)]
)
def test_lists_cost_the_same_with_one_and_three(organiser: IsolatedClient, page: str, add: object) -> None:
    event = make_event()
    path = f"/organisation-evenements/{event.slug}{page}"
    add(event)  # type: ignore[operator]  # a loosely typed callable
    organiser.get(path)
    with counted_queries() as one:
        assert organiser.get(path).status_code == 200
    add(event)  # type: ignore[operator]  # a loosely typed callable
    add(event)  # type: ignore[operator]  # a loosely typed callable
    with counted_queries() as three:
        organiser.get(path)
    assert len(three) == len(one)


@pytest.mark.parametrize(
    "page", ["/creneaux", "/modifier", "/participants/nouveau", "/souhaits/regle", "/planning"]
)
def test_no_identifier_is_used_twice_on_a_page(organiser: IsolatedClient, page: str) -> None:
    event = make_event()
    make_published(event, [(*make_pair(event), 0)])
    found = re.findall(r'\sid="([^"]*)"', organiser.get(f"/organisation-evenements/{event.slug}{page}").text)
    assert sorted(found) == sorted(set(found))


def test_removing_a_placed_delegation_says_why_not_on_its_page(organiser: IsolatedClient) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    make_published(event, [(administration, vendor, 0)])
    path = f"/organisation-evenements/{event.slug}/participants/{vendor.id}/retirer"
    assert "Un planning lui donne des rendez-vous" in organiser.get(path).text
    assert organiser.post(path).status_code == 409
    assert find_delegation(event.id, vendor.organisation_id) is not None


def test_a_closed_event_is_reopened_as_it_was(organiser: IsolatedClient) -> None:
    event = make_event()
    make_published(event, [(*make_pair(event), 0)])
    states: list[EventStatus] = []
    for asked in ("clore", "rouvrir"):
        organiser.post(f"/organisation-evenements/{event.slug}/etat", data={"etat": asked})
        states += db.session.scalars(sa.select(Event.status)).all()
    assert states == [EventStatus.CLOSED, EventStatus.SCHEDULED]


def test_points_of_a_version_are_the_same_on_its_page_and_in_the_list(organiser: IsolatedClient) -> None:
    event = make_event()
    administration = make_delegation(event, Side.ADMINISTRATION, min_meetings=3)
    make_version(
        event, [(administration, make_delegation(event, Side.VENDOR), 0)], objective=25335 - 2000, bound=25335
    )
    for page in ("/planning", "/planning/versions/1"):
        assert "25\u202f335" in organiser.get(f"/organisation-evenements/{event.slug}{page}").text


def test_manage_lists_events(organiser: IsolatedClient) -> None:
    make_event(name="Bercy", status=EventStatus.DRAFT)
    assert "Bercy" in organiser.get("/organisation-evenements").text


@pytest.mark.parametrize(
    "page", ["", "/modifier", "/creneaux", "/participants/nouveau", "/sessions", "/planning"]
)
def test_pages_answer_on_an_empty_event(organiser: IsolatedClient, page: str) -> None:
    event = make_event(slots=0)
    assert organiser.get(f"/organisation-evenements/{event.slug}{page}").status_code == 200
    assert db.session.query(Organisation).count() == 1


def test_version_grid_says_who_meets_whom_and_where(organiser: IsolatedClient) -> None:
    event = make_event()
    administration = make_delegation(event, Side.ADMINISTRATION, away=(1,))
    vendor = make_delegation(event, Side.VENDOR)
    make_version(event, [(administration, vendor, 0)])
    path = f"/organisation-evenements/{event.slug}/planning/versions/1"
    for view in ("", "?vue=editeurs"):
        page = organiser.get(path + view).text
        assert "table 1" in page
        assert "Prouvé optimal" in page
    assert "indisponible" in organiser.get(path).text


def test_version_counts_points_apart_from_missing_minimums(organiser: IsolatedClient) -> None:
    event = make_event()
    administration = make_delegation(event, Side.ADMINISTRATION, min_meetings=3)
    vendor = make_delegation(event, Side.VENDOR)
    make_version(event, [(administration, vendor, 0)], objective=120 - 2000, bound=130 - 2000)
    page = organiser.get(f"/organisation-evenements/{event.slug}/planning/versions/1").text
    figures = re.findall(r'class="td-figure"><strong>([^<]*)<', page)
    assert figures[:4] == ["1", "120", "130", "2"]


def test_compare_tells_added_removed_and_moved(organiser: IsolatedClient) -> None:
    event = make_event()
    one, two, three = make_pair(event), make_pair(event), make_pair(event)
    make_version(event, [(*one, 0), (*two, 0)])
    make_version(event, [(*one, 1), (*three, 0)])
    page = organiser.get(f"/organisation-evenements/{event.slug}/planning/versions/2/differences?avec=1").text
    assert [page.count(f">{word}</p>") for word in ("Ajouté", "Retiré", "Déplacé")] == [1, 1, 1]


def test_export_schedule_and_problem_can_be_replayed(organiser: IsolatedClient) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    make_version(event, [(administration, vendor, 2)])
    path = f"/organisation-evenements/{event.slug}/planning/versions/1"
    schedule: Any = organiser.get(f"{path}/planning.json").json
    problem: Any = organiser.get(f"{path}/probleme.json").json
    assert schedule["meetings"] == [{"a": str(administration.id), "v": str(vendor.id), "slot": 2, "table": 0}]
    assert (problem["slots"], len(problem["participants"])) == (3, 2)
