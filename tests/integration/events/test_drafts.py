"""An event is written in a draft beside what is public, then published: pages of its organisers."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.content.queries import find_draft, working_content
from app.content.views import seen_now
from app.core import clock
from app.core.db import db
from app.core.errors import InvalidTransition, RuleBroken
from app.events import services
from app.events.enums import EventStatus, Side
from app.events.models import Delegation, Event
from app.events.services import close_wishes, copy_event, discard_draft, publish_event, save_event
from app.events.spec import EVENT
from app.meetings.services import lead_session
from app.outbox.models import Mail
from app.permissions import SYSTEM, Role
from tests.clients import IsolatedClient, another_client, hidden, hidden_fields
from tests.factories import make_user
from tests.integration.events.factories import (
    FIRST_SLOT,
    make_delegation,
    make_event,
    make_pair,
    make_published,
)

FORM = {
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


def says(event: Event, **changes: object) -> dict[str, object]:
    return {**working_content(EVENT, event), **changes}


def path(event: Event, page: str) -> str:
    return f"/organisation-evenements/{event.slug}/{page}"


def read(client: IsolatedClient, address: str) -> dict[str, str]:
    return hidden(client.get(address).text)


def typed_rows(page: str) -> dict[str, str]:
    """What the form of the programme sends as it is shown."""
    shown = re.findall(r'name="(slot\d+-(?:day|starts|ends))"[^>]*value="([^"]*)"', page)
    return hidden_fields(page) | dict(shown)


def recipients() -> list[str]:
    db.session.commit()
    return sorted(mail.recipient for mail in db.session.scalars(sa.select(Mail)))


def published(event: Event) -> tuple[Delegation, Delegation]:
    """A pair that meets at the first slot, each with somebody who reads mails."""
    pair = make_pair(event)
    for delegation in pair:
        make_user(Role.VENDOR, delegation.organisation, email=f"{delegation.side.value}@exemple.fr")
    make_published(event, [(*pair, 0)])
    return pair


def test_what_is_saved_waits_beside_the_public_page(organiser: IsolatedClient, app: Flask) -> None:
    event = make_event(name="Avant")
    form = FORM | read(organiser, path(event, "modifier")) | {"name": "Après"}
    assert organiser.post(path(event, "modifier"), data=form).location == path(event, "").rstrip("/")
    assert "Un brouillon est en cours" in organiser.get(path(event, "").rstrip("/")).text
    visitor = another_client(app)
    assert "Après" not in visitor.get(f"/evenements/{event.slug}").text
    preview = organiser.get(path(event, "publier")).text
    assert "Après" in preview
    assert "Ce qui sera public" in preview
    sent = read(organiser, path(event, "publier")) | {"note": "Nouveau nom.", "nature": "correction"}
    assert organiser.post(path(event, "publier"), data=sent).status_code == 302
    assert "Après" in visitor.get(f"/evenements/{event.slug}").text
    history = visitor.get(f"/evenements/{event.slug}/versions").text
    assert "Nouveau nom." in history
    assert "Correction" in history
    assert find_draft(EVENT, event) is None


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.OPEN])
def test_the_form_saves_itself_while_one_types(organiser: IsolatedClient, status: EventStatus) -> None:
    event = make_event(name="Avant", status=status)
    form = FORM | read(organiser, path(event, "modifier"))
    typed = form | {"name": "Presque", "tables": "beaucoup", "wishes_end": "hier"}
    answer = organiser.post(f"/evenements/{event.slug}/brouillon", data=typed)
    assert (answer.status_code, (answer.json or {})["revision"]) == (200, 2)
    assert organiser.post(f"/evenements/{event.slug}/brouillon", data=form).status_code == 409
    db.session.refresh(event)
    assert (event.name, event.revision) == ("Avant", 2)
    kept = working_content(EVENT, event)
    assert (kept["name"], kept["tables"]) == ("Presque", 4)  # what cannot be read stays as it was
    assert 'value="Presque"' in organiser.get(path(event, "modifier")).text


def test_the_programme_saves_itself_too(organiser: IsolatedClient) -> None:
    event = make_event(slots=1)
    rows = typed_rows(organiser.get(path(event, "creneaux")).text) | {
        "slot0-day": "2027-03-26",
        "slot0-starts": "10:00",
        "slot0-ends": "10:30",
    }
    answer = organiser.post(f"/evenements/{event.slug}/brouillon", data=rows)
    assert answer.status_code == 200
    line = working_content(EVENT, event)["slots"][0]
    assert (line["starts"], line["id"]) == ("10:00", event.slots[0].id)
    half = rows | {"slot0-ends": "", "revision": "2", "original": "{}"}
    assert organiser.post(f"/evenements/{event.slug}/brouillon", data=half).status_code == 200
    assert working_content(EVENT, event)["slots"][0]["starts"] == "10:00"
    assert event.slots[0].starts_at == FIRST_SLOT


def test_a_draft_is_given_up(organiser: IsolatedClient) -> None:
    event = make_event(name="Avant")
    save_event(SYSTEM, event, says(event, name="Après"))
    db.session.commit()
    asked = organiser.get(f"/evenements/{event.slug}/brouillon/abandonner").text
    assert "Après" in asked
    assert organiser.post(f"/evenements/{event.slug}/brouillon/abandonner").status_code == 302
    db.session.expire_all()
    assert (event.name, find_draft(EVENT, event)) == ("Avant", None)
    with pytest.raises(InvalidTransition):
        discard_draft(SYSTEM, event)


def test_a_version_taken_up_again_gives_its_slots_back(organiser: IsolatedClient) -> None:
    event = make_event(slots=2)
    kept, ids = says(event), [slot.id for slot in event.slots]
    save_event(SYSTEM, event, says(event, held_on="2027-05-03", slots=kept["slots"][:1]))  # type: ignore[index]  # a list
    publish_event(SYSTEM, event)
    db.session.commit()
    organiser.post(f"/evenements/{event.slug}/versions/1/reprendre")
    assert (
        organiser.post(path(event, "publier"), data=read(organiser, path(event, "publier"))).status_code
        == 302
    )
    db.session.expire_all()
    assert [slot.starts_at.date() for slot in event.slots] == [date(2027, 3, 26)] * 2
    assert (event.slots[0].id, event.version) == (ids[0], 3)


def test_publishing_a_hidden_event_opens_it(organiser: IsolatedClient, app: Flask) -> None:
    event = make_event(status=EventStatus.DRAFT, name="Avant")
    organiser.post(
        f"/evenements/{event.slug}/brouillon",
        data=FORM | read(organiser, path(event, "modifier")) | {"name": "Après"},
    )
    visitor = another_client(app)
    assert visitor.get(f"/evenements/{event.slug}").status_code == 404
    page = organiser.get(path(event, "publier")).text
    assert "visible de tous" in page
    answer = organiser.post(path(event, "publier"), data=hidden(page))
    assert answer.status_code == 302
    assert "Après" in visitor.get(f"/evenements/{event.slug}").text
    db.session.refresh(event)
    assert (event.status, event.version) == (EventStatus.OPEN, 1)


def test_an_event_without_slots_or_past_is_not_opened(organiser: IsolatedClient) -> None:
    bare, late = make_event(status=EventStatus.DRAFT, slots=0), make_event(status=EventStatus.DRAFT)
    page = organiser.post(path(bare, "publier"), data=read(organiser, path(bare, "publier")))
    assert (page.status_code, "Créez d’abord les créneaux" in page.text) == (409, True)
    with clock.fixed_at(late.slots[-1].ends_at), pytest.raises(InvalidTransition):
        publish_event(SYSTEM, late)
    assert (bare.status, late.status) == (EventStatus.DRAFT, EventStatus.DRAFT)


def test_nothing_to_publish_is_said(organiser: IsolatedClient) -> None:
    event = make_event()
    page = organiser.post(path(event, "publier"), data=read(organiser, path(event, "publier")))
    assert (page.status_code, "rien n’attend d’être publié" in page.text) == (409, True)


def test_what_was_read_before_a_change_publishes_nothing(organiser: IsolatedClient) -> None:
    event = make_event(name="Avant")
    save_event(SYSTEM, event, says(event, name="Un"))
    db.session.commit()
    sent = read(organiser, path(event, "publier"))
    save_event(SYSTEM, event, says(event, name="Deux"))
    db.session.commit()
    assert organiser.post(path(event, "publier"), data=sent).status_code == 409
    db.session.refresh(event)
    assert event.name == "Avant"


def test_moving_a_published_day_names_who_is_written_to_and_asks_to_confirm(
    organiser: IsolatedClient,
) -> None:
    event = make_event(slots=2)
    administration, vendor = published(event)
    third = make_delegation(event, Side.VENDOR)
    make_user(Role.VENDOR, third.organisation, email="tiers@exemple.fr")
    form = FORM | read(organiser, path(event, "modifier")) | {"held_on": "2027-04-02", "then": "publish"}
    assert organiser.post(path(event, "modifier"), data=form).location == path(event, "publier")
    page = organiser.get(path(event, "publier")).text
    for name in (administration, vendor, third):
        assert name.organisation.name in page
    assert "1 rendez-vous publié change d’heure." in page
    assert "Un courriel partira à 3 délégations" in page
    refused = organiser.post(path(event, "publier"), data=hidden(page))
    assert (refused.status_code, "confirmez-le" in refused.text) == (422, True)
    db.session.refresh(event)
    assert (event.days, recipients()) == ([date(2027, 3, 26)], [])
    assert organiser.post(path(event, "publier"), data=hidden(page) | {"confirmed": "y"}).status_code == 302
    db.session.refresh(event)
    assert event.days == [date(2027, 4, 2)]
    assert recipients() == ["administration@exemple.fr", "tiers@exemple.fr", "vendor@exemple.fr"]


def test_a_slot_that_moves_writes_only_to_those_it_concerns_as_said(organiser: IsolatedClient) -> None:
    event = make_event(slots=2)
    administration, vendor = published(event)
    third = make_delegation(event, Side.VENDOR)
    make_user(Role.VENDOR, third.organisation, email="tiers@exemple.fr")
    rows = typed_rows(organiser.get(path(event, "creneaux")).text) | {
        "slot0-day": "2027-03-26",
        "slot0-starts": "15:00",
        "slot0-ends": "15:30",
    }
    assert organiser.post(path(event, "creneaux"), data=rows | {"then": "publish"}).status_code == 302
    page = organiser.get(path(event, "publier")).text
    assert third.organisation.name not in page
    assert "Un courriel partira à 2 délégations" in page
    assert recipients() == []
    organiser.post(path(event, "publier"), data=hidden(page) | {"confirmed": "y"})
    assert recipients() == ["administration@exemple.fr", "vendor@exemple.fr"]
    assert all("15:00" in mail.body for mail in db.session.scalars(sa.select(Mail)))
    assert (administration.organisation.name in page, vendor.organisation.name in page) == (True, True)


def test_what_moves_nothing_asks_for_no_confirmation(organiser: IsolatedClient) -> None:
    event = make_event()
    published(event)
    save_event(SYSTEM, event, says(event, description="Accueil à 8 h 30."))
    db.session.commit()
    page = organiser.get(path(event, "publier")).text
    assert ("Je confirme" in page, "Un courriel partira" in page) == (False, False)
    organiser.post(path(event, "publier"), data=hidden(page))
    assert (event.description, recipients()) == ("Accueil à 8 h 30.", [])


def test_a_draft_that_takes_a_slot_from_a_session_is_refused(
    organiser: IsolatedClient,
) -> None:
    event = make_event(slots=2)
    host = make_delegation(event, Side.ADMINISTRATION)
    lead_session(SYSTEM, event, host=host, slot=event.slots[1], theme="Visio", room=0, capacity=3)
    db.session.commit()
    page = organiser.get(path(event, "creneaux")).text
    rows = typed_rows(page)
    answer = organiser.post(path(event, "creneaux"), data=rows | {"slot1-remove": "y"})
    assert (answer.status_code, "porte une session" in answer.text) == (422, True)
    assert find_draft(EVENT, event) is None


def test_two_organisers_who_change_different_fields_both_keep_theirs(organiser: IsolatedClient) -> None:
    event = make_event(name="Bercy", place="Paris", slots=1)
    typed = (
        FORM | read(organiser, path(event, "modifier")) | {"name": "Bercy", "place": "Paris", "tables": "4"}
    )
    assert organiser.post(path(event, "modifier"), data=typed | {"place": "Lyon"}).status_code == 302
    page = organiser.post(path(event, "modifier"), data=typed | {"tables": "9"})
    assert page.status_code == 409
    for kept in ('value="Lyon"', 'value="9"', "ne se contredisent pas"):
        assert kept in page.text
    assert (
        organiser.post(
            path(event, "modifier"), data=typed | hidden(page.text) | {"place": "Lyon"}
        ).status_code
        == 302
    )
    assert working_content(EVENT, event)["place"] == "Lyon"


def test_the_second_organiser_chooses_field_by_field(organiser: IsolatedClient) -> None:
    event = make_event(name="Avant")
    typed = FORM | read(organiser, path(event, "modifier"))
    organiser.post(path(event, "modifier"), data=typed | {"name": "Premier", "held_on": "2027-04-02"})
    page = organiser.post(path(event, "modifier"), data=typed | {"name": "Second"}).text
    for shown in ("Avant", "Premier", "Second", "2 avril 2027"):
        assert shown in page
    again = typed | {"name": "Second", "held_on": "2027-04-02"} | hidden(page) | {"prendre-name": "autre"}
    assert organiser.post(path(event, "modifier"), data=again).status_code == 302
    kept = working_content(EVENT, event)
    assert (kept["name"], kept["held_on"]) == ("Premier", "2027-04-02")


def test_one_moves_the_day_while_the_other_changes_a_slot_and_adds_one(organiser: IsolatedClient) -> None:
    event = make_event(slots=2)
    page = organiser.get(path(event, "creneaux")).text
    rows = typed_rows(page)
    save_event(SYSTEM, event, says(event, held_on="2027-04-02"))
    db.session.commit()
    rows |= {
        "slot0-starts": "08:30",
        "slot2-day": "2027-03-26",
        "slot2-starts": "14:00",
        "slot2-ends": "14:20",
    }
    answer = organiser.post(path(event, "creneaux"), data=rows)
    assert (answer.status_code, "ne se contredisent pas" in answer.text) == (409, True)
    merged = typed_rows(answer.text)
    assert [merged[f"slot{n}-day"] for n in range(3)] == ["2027-04-02"] * 3
    assert [merged[f"slot{n}-starts"] for n in range(3)] == ["08:30", "09:25", "14:00"]
    assert organiser.post(path(event, "creneaux"), data=merged).status_code == 302
    publish_event(SYSTEM, event)
    starts = [slot.starts_at.astimezone(event.zone) for slot in event.slots]
    assert [f"{start:%d %H:%M}" for start in starts] == ["02 08:30", "02 09:25", "02 14:00"]


def test_both_move_the_same_slot_and_the_second_chooses(organiser: IsolatedClient) -> None:
    event = make_event(slots=1)
    page = organiser.get(path(event, "creneaux")).text
    rows = typed_rows(page) | {"slot0-ends": "12:00"}
    organiser.post(path(event, "creneaux"), data=rows | {"slot0-starts": "10:00"})
    answer = organiser.post(path(event, "creneaux"), data=rows | {"slot0-starts": "11:00"})
    for shown in ("26 mars 2027, 09:00 – 09:20", "10:00 – 12:00", "11:00 – 12:00"):
        assert shown in answer.text
    again = rows | hidden(answer.text) | {"slot0-starts": "11:00", "prendre-slots": "autre"}
    assert organiser.post(path(event, "creneaux"), data=again).status_code == 302
    assert working_content(EVENT, event)["slots"][0]["starts"] == "10:00"


def test_the_second_organiser_of_a_delegation_sees_all_that_differs(
    organiser: IsolatedClient,
) -> None:
    event = make_event()
    delegation = make_delegation(event, Side.ADMINISTRATION)
    page = path(event, f"participants/{delegation.id}")
    typed = read(organiser, page) | {"min_meetings": 0, "max_meetings": 3}
    away = {"absent0-day": "2027-03-26", "absent0-starts": "09:00", "absent0-ends": "09:20"}
    assert organiser.post(page, data=typed | {"max_meetings": 5} | away).status_code == 302
    answer = organiser.post(page, data=typed | {"max_meetings": 7, "table": 2, "absent0-starts": ""})
    assert answer.status_code == 409
    for shown in ("Nombre maximal de rendez-vous", "vendredi 26 mars 2027, 09:00", 'value="7"', 'value="2"'):
        assert shown in answer.text
    assert re.search(r'name="absent0-day"[^>]*value="2027-03-26"', answer.text)
    again = (
        typed | hidden(answer.text) | {"max_meetings": 7, "table": 2, "prendre-max_meetings": "autre"} | away
    )
    assert organiser.post(page, data=again).status_code == 302
    db.session.refresh(delegation)
    assert (delegation.max_meetings, delegation.table, len(delegation.absences)) == (5, 1, 1)


def test_closing_the_wishes_is_not_undone_by_a_draft(app: Flask) -> None:
    event = make_event()
    save_event(SYSTEM, event, says(event, name="Après"))
    close_wishes(SYSTEM, event)
    publish_event(SYSTEM, event)
    assert (event.name, event.wishes_until) == ("Après", clock.now().replace(second=0, microsecond=0))


def test_a_copy_has_the_programme_and_nobody(organiser: IsolatedClient) -> None:
    event = make_event(slots=2, name="Bercy", wishes_until=FIRST_SLOT)
    make_pair(event)
    location = organiser.post(path(event, "copier")).location
    copied = db.session.scalars(sa.select(Event).order_by(Event.id.desc())).first()
    assert copied is not None
    assert location == path(copied, "modifier")
    assert (copied.name, copied.status, copied.wishes_until) == ("Copie de Bercy", EventStatus.DRAFT, None)
    assert [slot.period for slot in copied.slots] == [slot.period for slot in event.slots]
    assert (copied.delegations, {slot.id for slot in copied.slots} & {slot.id for slot in event.slots}) == (
        [],
        set(),
    )
    assert len(event.slots) == 2


def test_a_copy_of_a_past_event_may_be_made(app: Flask) -> None:
    event = make_event()
    with clock.fixed_at(event.slots[-1].ends_at + timedelta(days=300)):
        assert copy_event(SYSTEM, event).status is EventStatus.DRAFT


@pytest.mark.parametrize(
    ("field", "value"),
    [("held_on", "9999-12-31"), ("held_on", "0001-01-01"), ("wishes_end", "2027-03-28T02:30")],
)
def test_a_date_no_clock_shows_is_refused_beside_its_field(
    organiser: IsolatedClient, field: str, value: str
) -> None:
    event = make_event()
    form = FORM | read(organiser, path(event, "modifier")) | {field: value}
    assert organiser.post(f"/evenements/{event.slug}/brouillon", data=form).status_code == 200
    page = organiser.post(path(event, "modifier"), data=form | {"revision": "2", "original": "{}"})
    assert (page.status_code, f'href="#{field}"' in page.text) == (422, True)


def test_slots_far_from_the_first_day_are_refused(organiser: IsolatedClient) -> None:
    event = make_event(slots=1)
    rows = typed_rows(organiser.get(path(event, "creneaux")).text) | {
        "slot0-day": "2029-03-26",
        "slot0-starts": "10:00",
        "slot0-ends": "10:30",
    }
    assert organiser.post(f"/evenements/{event.slug}/brouillon", data=rows).status_code == 200
    page = organiser.post(path(event, "creneaux"), data=rows | {"revision": "1"})
    assert (page.status_code, "plus d’un an" in page.text) == (422, True)


@pytest.mark.parametrize(
    "original", ["[]", '{"slots": 5}', '{"slots": [{"day": "x"}]}', '{"held_on": "9999-12-31"}']
)
def test_a_tampered_page_is_a_conflict(organiser: IsolatedClient, original: str) -> None:
    event = make_event()
    form = FORM | {"revision": "99", "original": original}
    assert organiser.post(path(event, "modifier"), data=form).status_code == 409
    assert organiser.post(f"/evenements/{event.slug}/brouillon", data=form).status_code == 409


def test_a_slot_that_has_begun_stays_as_it_is(app: Flask) -> None:
    event = make_event(slots=2)
    with clock.fixed_at(event.slots[0].starts_at), pytest.raises(RuleBroken):
        save_event(SYSTEM, event, says(event, held_on="2027-04-02"))
    services.set_slots(
        SYSTEM,
        event,
        [services.SlotSpec(FIRST_SLOT + timedelta(days=1), FIRST_SLOT + timedelta(days=1, hours=1))],
    )
    with clock.fixed_at(event.slots[0].starts_at), pytest.raises(RuleBroken):
        publish_event(SYSTEM, event, confirmed=True)
    assert event.slots[0].starts_at == datetime(2027, 3, 26, 8, tzinfo=UTC)
    assert seen_now(EVENT, event).content["held_on"] == "2027-03-27"
