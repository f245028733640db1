"""Many people on one thing at the same instant: one wins, the others are told, nothing typed is lost."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.enums import AskState
from app.accounts.models import IdentityChange, Organisation, User
from app.accounts.services import passwords
from app.claims.enums import ClaimStatus
from app.core.db import Base, db
from app.events.enums import Side
from app.events.models import Event
from app.matchmaking.models import Verdict
from app.meetings.enums import RequestState
from app.meetings.models import MeetingRequest
from app.needs.enums import NeedStatus
from app.offers.enums import OfferStatus
from app.outbox.models import Mail
from app.permissions import Role
from app.schedules.enums import VersionState
from app.schedules.models import ScheduleRun, ScheduleVersion
from tests.clients import another_client, hidden, hidden_fields
from tests.conftest import NOW
from tests.crowds import Answer, Fields, all_at_once
from tests.factories import (
    PASSWORD,
    fresh_siren,
    make_administration,
    make_need,
    make_offer,
    make_user,
    make_vendor,
)
from tests.integration.events.factories import (
    make_delegation,
    make_event,
    make_pair,
    make_request,
    make_version,
)

CROWD, SOME = 20, 5


def count(model: type[Base]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def check_one_wins(answers: list[Answer], refusal: int, words: str, typed: str = "") -> Answer:
    """One is answered as by a success, the others read `words` and find again what they had `typed`."""
    won = [answer for answer in answers if answer.status == 302]
    lost = [answer for answer in answers if answer.status != 302]
    assert len(won) == 1, sorted(answer.status for answer in answers)
    assert {answer.status for answer in lost} == {refusal}
    for answer in lost:
        assert words in answer.page
        if typed:
            assert typed.format(answer.number) in answer.page
    return won[0]


def crowd(role: Role, organisation: Organisation | None = None, size: int = CROWD) -> list[User]:
    return [make_user(role, organisation) for _ in range(size)]


def company(number: int, **values: str) -> Fields:
    given = {"company": "Zéphyr", "country": "FR", "vendor_kind": "publisher", "vendor_size": "sme"}
    person = {"person": f"Ada {number}", "email": f"p{number}@zephyr.example", "password": PASSWORD}
    return given | person | values


@pytest.fixture
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hash_password", lambda password: "x" + password)


@pytest.mark.usefixtures("quick_hash")
def test_sign_ups_with_one_siren(app: Flask) -> None:
    siren = fresh_siren()
    answers = all_at_once(app, [None] * CROWD, lambda n: ("/inscription", company(n, siren=siren)))
    check_one_wins(answers, 422, "Cette entreprise est déjà inscrite", typed="Ada {}")
    assert (count(Organisation), count(User)) == (1, 1)


@pytest.mark.usefixtures("quick_hash")
def test_sign_ups_with_one_name_and_each_its_siren_all_succeed(app: Flask) -> None:
    sirens = [fresh_siren() for _ in range(5)]
    answers = all_at_once(app, [None] * 5, lambda n: ("/inscription", company(n, siren=sirens[n])))
    assert [answer.status for answer in answers] == [302] * 5
    assert len(set(db.session.scalars(sa.select(Organisation.slug)))) == 5


@pytest.mark.usefixtures("quick_hash")
def test_sign_ups_with_one_address(app: Flask) -> None:
    sirens = [fresh_siren() for _ in range(SOME)]

    def send(number: int) -> tuple[str, Fields]:
        return "/inscription", company(number, siren=sirens[number], email="ada@zephyr.example")

    check_one_wins(all_at_once(app, [None] * SOME, send), 422, "adresse", typed="Ada {}")
    assert (count(Organisation), count(User)) == (1, 1)


def test_requests_for_one_meeting(app: Flask) -> None:
    event = make_event()
    administration, vendor = make_pair(event)
    need, offer = make_need(administration.organisation), make_offer(vendor.organisation)
    address = f"/rencontres/demander?besoin={need.id}&offre={offer.id}"
    people = crowd(Role.AMBASSADOR, administration.organisation)
    answers = all_at_once(
        app, people, lambda n: (address, {"event": event.slug, "message": f"Montrez-nous {n}."})
    )
    won = check_one_wins(answers, 422, "Cette rencontre est déjà demandée", typed="Montrez-nous {}.")
    assert db.session.scalars(sa.select(MeetingRequest)).one().message == f"Montrez-nous {won.number}."


def test_both_sides_asking_for_one_meeting(app: Flask) -> None:
    """Whoever is second has either asked too, and the wish is mutual, or is told to look again."""
    event = make_event()
    administration, vendor = make_pair(event)
    need, offer = make_need(administration.organisation), make_offer(vendor.organisation)
    people = [
        make_user(Role.AMBASSADOR, administration.organisation),
        make_user(Role.VENDOR, vendor.organisation),
    ]
    address = f"/rencontres/demander?besoin={need.id}&offre={offer.id}"
    answers = all_at_once(app, people, lambda n: (address, {"event": event.slug, "message": f"Oui {n}."}))
    assert [answer.status for answer in answers] == [302, 302]
    found = db.session.scalars(sa.select(MeetingRequest)).one()
    assert found.state is RequestState.ACCEPTED
    assert {found.message, found.answer} == {"Oui 0.", "Oui 1."}


@pytest.mark.parametrize("contrary", [False, True])
def test_answers_to_one_request(app: Flask, contrary: bool) -> None:
    administration, vendor = make_pair(make_event())
    asked = make_request(administration, vendor)
    make_user(Role.AMBASSADOR, administration.organisation)
    people = crowd(Role.VENDOR, vendor.organisation)

    def send(number: int) -> tuple[str, Fields]:
        accepts = not (contrary and number % 2)
        said = {
            "reponse": "accepter" if accepts else "refuser",
            "message": f"Mot {number}.",
            "etat": "pending",
        }
        return f"/rencontres/{asked.id}/reponse", said

    before = count(Mail)
    won = check_one_wins(all_at_once(app, people, send), 409, "déjà", typed="Mot {}.")
    assert asked.answer == f"Mot {won.number}."
    refused = contrary and won.number % 2
    assert asked.state is (RequestState.DECLINED if refused else RequestState.ACCEPTED)
    assert count(Mail) == before + 1


def test_an_answer_and_a_withdrawal(app: Flask) -> None:
    administration, vendor = make_pair(make_event())
    asked = make_request(administration, vendor).id
    people = [
        make_user(Role.AMBASSADOR, administration.organisation),
        make_user(Role.VENDOR, vendor.organisation),
    ]
    sent = [(f"/rencontres/{asked}/retrait", {}), (f"/rencontres/{asked}/reponse", {"reponse": "accepter"})]
    answers = all_at_once(app, people, lambda n: sent[n])
    statuses = [answer.status for answer in answers]
    assert statuses in ([302, 404], [302, 409], [302, 302])  # an accepted wish may still be taken back
    states = list(db.session.scalars(sa.select(MeetingRequest.state)))
    assert states == ([RequestState.WITHDRAWN] if statuses[1] == 302 else [])


def test_decisions_on_one_claim(app: Flask) -> None:
    offer = make_offer(facts={"open_source": ClaimStatus.DECLARED})
    claim = offer.claims[0]
    claim.awaits_verification = True
    verdicts = ("verified", "contradicted", "not_established")

    def send(number: int) -> tuple[str, Fields]:
        said = {"verdict": verdicts[number % 3], "reason": f"Pièce {number} lue."}
        return f"/moderation/attestations/{claim.id}", said

    won = check_one_wins(all_at_once(app, crowd(Role.MODERATOR), send), 409, "déjà été examinée")
    assert (claim.status.value, claim.decision_reason) == (
        verdicts[won.number % 3],
        f"Pièce {won.number} lue.",
    )


def test_opinions_on_one_proposal_are_one_opinion(app: Flask) -> None:
    """The opinion is the organisation's: saying it again replaces it, and nobody is refused."""
    need, offer = make_need(), make_offer()
    people = crowd(Role.AMBASSADOR, need.organisation, SOME)
    address = f"/besoins/{need.id}/propositions/{offer.id}/avis"
    answers = all_at_once(app, people, lambda n: (address, {"utile": "oui" if n % 2 else "non"}))
    assert {answer.status for answer in answers} == {302}
    assert count(Verdict) == 1


def test_decisions_on_one_change_of_identity(app: Flask) -> None:
    vendor = make_vendor(name="Ancien nom")
    change = IdentityChange(organisation=vendor, name="Nouveau nom", siren=vendor.siren)
    db.session.add(change)
    db.session.commit()

    def send(number: int) -> tuple[str, Fields]:
        said = {"decision": "return" if number % 2 else "accept", "reason": f"Raison {number}."}
        return f"/moderation/identites/{change.id}", said

    won = check_one_wins(
        all_at_once(app, crowd(Role.MODERATOR, size=SOME), send), 409, "déjà reçu sa réponse"
    )
    accepted = won.number % 2 == 0
    assert change.state is (AskState.ACCEPTED if accepted else AskState.DECLINED)
    assert vendor.name == ("Nouveau nom" if accepted else "Ancien nom")


def test_changes_of_identity_asked_for_one_company(app: Flask) -> None:
    vendor = make_vendor(name="Ancien nom")
    people = crowd(Role.VENDOR, vendor, SOME)
    address = f"/entreprise/{vendor.id}"
    page = another_client(app).sign_in(people[0]).get(address).text
    known = {"vendor_kind": "publisher", "vendor_size": "sme", "version": hidden_fields(page)["version"]}
    answers = all_at_once(
        app, people, lambda n: (address, known | {"name": f"Nouveau nom {n}", "siren": vendor.siren or ""})
    )
    won = check_one_wins(answers, 409, "Une autre personne", typed="Nouveau nom {}")
    assert db.session.scalars(sa.select(IdentityChange)).one().name == f"Nouveau nom {won.number}"


def test_edits_of_one_company(app: Flask) -> None:
    vendor = make_vendor(name="Zéphyr")
    people = crowd(Role.VENDOR, vendor, SOME)
    address = f"/entreprise/{vendor.id}"
    page = another_client(app).sign_in(people[0]).get(address).text
    known = {"vendor_kind": "publisher", "vendor_size": "sme", "version": hidden_fields(page)["version"]}
    known |= {"name": "Zéphyr", "siren": vendor.siren or ""}
    answers = all_at_once(app, people, lambda n: (address, known | {"description": f"Texte {n}."}))
    won = check_one_wins(answers, 409, "Une autre personne", typed="Texte {}.")
    assert vendor.description == f"Texte {won.number}."


@pytest.mark.parametrize("published", [False, True])
def test_edits_of_one_offer(app: Flask, published: bool) -> None:
    vendor = make_vendor()
    offer = make_offer(
        vendor,
        status=OfferStatus.PUBLISHED if published else OfferStatus.DRAFT,
        published_at=NOW if published else None,
    )
    address, people = f"/mes-offres/{offer.id}/modifier", crowd(Role.VENDOR, vendor)
    page = another_client(app).sign_in(people[0]).get(address).text
    known = hidden(page) | {"organisation_id": str(vendor.id), "name": "Parlons", "language": "fr"}
    known |= {"description": offer.description}
    answers = all_at_once(app, people, lambda n: (address, known | {"summary": f"Résumé {n}."}))
    check_one_wins(answers, 409, "Une autre personne a enregistré", typed="Résumé {}.")


@pytest.mark.parametrize("published", [False, True])
def test_edits_of_one_need(app: Flask, published: bool) -> None:
    office = make_administration()
    need = make_need(
        office,
        status=NeedStatus.PUBLISHED if published else NeedStatus.DRAFT,
        published_at=NOW if published else None,
    )
    address, people = f"/besoins/{need.id}/modifier", crowd(Role.AMBASSADOR, office, SOME)
    page = another_client(app).sign_in(people[0]).get(address).text
    known = hidden(page) | {"organisation_id": str(office.id), "description": need.description}
    answers = all_at_once(app, people, lambda n: (address, known | {"title": f"Titre {n}"}))
    check_one_wins(answers, 409, "Une autre personne a enregistré", typed="Titre {}")


def test_publications_of_one_offer(app: Flask) -> None:
    vendor = make_vendor()
    offer = make_offer(vendor, status=OfferStatus.DRAFT, published_at=None)
    address, people = f"/mes-offres/{offer.id}/publier", crowd(Role.VENDOR, vendor)
    page = another_client(app).sign_in(people[0]).get(address).text
    revision = hidden(page)["revision"]
    answers = all_at_once(app, people, lambda n: (address, {"note": f"Note {n}.", "revision": revision}))
    check_one_wins(answers, 409, "", typed="Note {}.")
    assert offer.version == 1


def test_publications_of_one_need(app: Flask) -> None:
    office = make_administration()
    need = make_need(office, status=NeedStatus.DRAFT, published_at=None)
    address, people = f"/besoins/{need.id}/publier", crowd(Role.AMBASSADOR, office, SOME)
    page = another_client(app).sign_in(people[0]).get(address).text
    revision = hidden(page)["revision"]
    answers = all_at_once(app, people, lambda n: (address, {"note": f"Note {n}.", "revision": revision}))
    check_one_wins(answers, 409, "", typed="Note {}.")
    assert need.version == 1


def scheduled() -> Event:
    """An event with two drafts of a schedule, and a wish to place."""
    event = make_event()
    administration, vendor = make_pair(event)
    make_request(administration, vendor)
    make_delegation(event, Side.VENDOR)
    for position in (0, 1):
        make_version(event, [(administration, vendor, position)])
    return event


@pytest.mark.parametrize("versions", [1, 2])
def test_publications_of_a_schedule(app: Flask, versions: int) -> None:
    event = scheduled()
    address = f"/organisation-evenements/{event.slug}/planning/versions/{{}}/publication"
    seen = {"publiee": "0"}
    answers = all_at_once(app, crowd(Role.ORGANISER), lambda n: (address.format(1 + n % versions), seen))
    check_one_wins(answers, 409, "publiée")
    published = sa.select(ScheduleVersion).filter_by(state=VersionState.PUBLISHED)
    assert len(db.session.scalars(published).all()) == 1


def test_clicks_on_generate(app: Flask) -> None:
    event = scheduled()
    before = count(ScheduleRun)
    address = f"/organisation-evenements/{event.slug}/planning/generer"
    answers = all_at_once(app, crowd(Role.ORGANISER), lambda n: (address, {"time_limit_s": "30"}))
    check_one_wins(answers, 422, "Un calcul est en cours")
    assert count(ScheduleRun) == before + 1


def test_edits_of_one_event(app: Flask) -> None:
    event = make_event()
    people = crowd(Role.ORGANISER, size=SOME)
    address = f"/organisation-evenements/{event.slug}/modifier"
    page = another_client(app).sign_in(people[0]).get(address).text
    known = hidden(page) | {"name": event.name, "tables": "4", "rooms": "2", "held_on": "2027-03-26"}
    known |= {"timezone": "Europe/Paris"}
    answers = all_at_once(app, people, lambda n: (address, known | {"place": f"Salle {n}"}))
    check_one_wins(answers, 409, "Une autre personne a enregistré", typed="Salle {}")
