"""Each part gone, each main page and action: what is answered, what is saved, how it comes back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import User, UserSession
from app.accounts.services import passwords
from app.claims.enums import ClaimStatus
from app.claims.models import Claim
from app.core import clock, jobs
from app.core.clock import now
from app.core.config import Settings
from app.core.db import Base, db, rollback, unit_of_work
from app.core.errors import Unavailable
from app.core.jobs import Job, WorkerBeat
from app.events.enums import Side
from app.matchmaking.engine import engine
from app.matchmaking.models import MatchRun
from app.matchmaking.services.healing import subjects_to_encode
from app.matchmaking.services.indexing import reindex_all
from app.matchmaking.services.proposals import propose_offers
from app.meetings.enums import RequestState
from app.meetings.models import MeetingRequest
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.offers.enums import OfferStatus
from app.offers.models import Offer
from app.outbox.enums import MailState
from app.outbox.models import Mail
from app.permissions import SYSTEM, Role
from app.schedules.models import ScheduleRun, ScheduleVersion
from tests.clients import IsolatedClient
from tests.conftest import portal_of
from tests.factories import PASSWORD, make_evidence, make_need, make_offer, make_user, saved
from tests.integration.events.factories import make_delegation, make_event, make_request
from tests.integration.faults.faults import FAULTS
from tests.integration.faults.table import ACTIONS, PAGES, rows

QUICK_S = 0.3
LATER = timedelta(minutes=15)


@dataclass(frozen=True)
class World:
    """One of each thing, and who may act on it."""

    app: Flask
    vendor: User
    ambassador: User
    moderator: User
    organiser: User
    offer: Offer
    draft_offer: Offer
    need: Need
    draft_need: Need
    request: MeetingRequest
    claim: Claim

    def client(self, user: User | None = None) -> IsolatedClient:
        found = cast(IsolatedClient, self.app.test_client())
        return found if user is None else found.sign_in(user)


@pytest.fixture(scope="module")
def password_hash() -> str:
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def world(
    settings: Settings, password_hash: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    monkeypatch.setattr("app.core.jobs.probing.PATIENCE_MS", 100)
    redis = "redis://127.0.0.1:1/0" if request.node.callspec.params.get("fault") == "redis" else ""
    chosen = settings.model_copy(update={"redis_url": redis, "lock_timeout_s": QUICK_S})
    with portal_of(chosen) as app:
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        app.extensions["mailman"].backend = "locmem"
        app.extensions["watch"]._kept_s = -1.0
        app.test_client_class = IsolatedClient
        yield _world(app, password_hash)


def _world(app: Flask, password_hash: str) -> World:
    event = make_event()
    sides = {side: make_delegation(event, side) for side in Side}
    buyer, seller = sides[Side.ADMINISTRATION], sides[Side.VENDOR]
    vendor = make_user(Role.VENDOR, seller.organisation, password_hash=password_hash)
    offer = make_offer(
        seller.organisation,
        name="Parlons",
        description="Messagerie des agents.",
        facts={"eu_hosting": ClaimStatus.TO_CONFIRM},
    )
    need = make_need(buyer.organisation)
    draft_offer = make_offer(seller.organisation, status=OfferStatus.DRAFT, published_at=None, name="Colombe")
    draft_need = make_need(buyer.organisation, status=NeedStatus.DRAFT, published_at=None)
    request = make_request(buyer, seller)
    third = make_delegation(event, Side.VENDOR)
    make_request(buyer, third, state=RequestState.ACCEPTED)
    make_evidence(offer.claims[0])
    for name in ("Colibri", "Abeille", "Mésange"):
        make_offer(name=name, summary="Paie", description="Bulletins de salaire.")
    reindex_all()
    with unit_of_work():
        propose_offers(SYSTEM, need)
    saved(WorkerBeat(name="ouvrier"))
    people = {"ambassador": make_user(Role.AMBASSADOR, buyer.organisation), "vendor": vendor}
    return World(
        app=app,
        **people,
        moderator=make_user(Role.MODERATOR),
        organiser=make_user(Role.ORGANISER),
        offer=offer,
        draft_offer=draft_offer,
        need=need,
        draft_need=draft_need,
        request=request,
        claim=offer.claims[0],
    )


@dataclass(frozen=True)
class Page:
    reader: Callable[[World], User | None]
    path: Callable[[World], str]


READ: dict[str, Page] = {
    "home": Page(lambda _world: None, lambda _world: "/"),
    "catalogue": Page(lambda _world: None, lambda _world: "/offres"),
    "search": Page(lambda _world: None, lambda _world: "/offres?q=parlons"),
    "offer": Page(lambda _world: None, lambda world: f"/offres/{world.offer.slug}"),
    "need": Page(lambda world: world.ambassador, lambda world: f"/besoins/{world.need.id}"),
    "proposals": Page(lambda world: world.ambassador, lambda world: f"/besoins/{world.need.id}/propositions"),
    "agenda": Page(lambda world: world.vendor, lambda _world: "/mon-agenda"),
    "sign-in": Page(lambda _world: None, lambda _world: "/connexion"),
    "moderation": Page(lambda world: world.moderator, lambda _world: "/moderation"),
    "health": Page(lambda _world: None, lambda _world: "/sante"),
}


@dataclass(frozen=True)
class Action:
    """`is_saved` reads the database; `is_whole` too, once the fault is over and a worker has passed."""

    actor: Callable[[World], User | None]
    path: Callable[[World], str]
    data: Callable[[World], dict[str, str]]
    is_saved: Callable[[World], bool]
    is_whole: Callable[[World], bool]


def _nothing_sent(_world: World) -> dict[str, str]:
    return {}


def _exists(query: "sa.Select[int]") -> bool:
    return db.session.scalars(query).first() is not None


def _no_mail_waits(_world: World) -> bool:
    return not _exists(sa.select(Mail.id).where(Mail.state != MailState.SENT))


def _found(world: World) -> bool:
    return world.draft_offer.id in {offer_id for offer_id, _score in engine().search("colombe")}


DONE: dict[str, Action] = {
    "sign in": Action(
        lambda _world: None,
        lambda _world: "/connexion",
        lambda world: {"email": world.vendor.email, "password": PASSWORD},
        lambda world: _exists(sa.select(UserSession.id).where(UserSession.user_id == world.vendor.id)),
        lambda world: world.vendor.signed_in_at is not None,
    ),
    "answer a request": Action(
        lambda world: world.vendor,
        lambda world: f"/rencontres/{world.request.id}/reponse",
        lambda _world: {"reponse": "accepter", "message": "Oui"},
        lambda world: world.request.state is RequestState.ACCEPTED,
        _no_mail_waits,
    ),
    "publish a need": Action(
        lambda world: world.ambassador,
        lambda world: f"/besoins/{world.draft_need.id}/publier",
        _nothing_sent,
        lambda world: world.draft_need.status is NeedStatus.PUBLISHED,
        lambda world: _exists(sa.select(MatchRun.id).where(MatchRun.need_id == world.draft_need.id)),
    ),
    "save an offer": Action(
        lambda world: world.vendor,
        lambda world: f"/mes-offres/{world.draft_offer.id}/publier",
        _nothing_sent,
        lambda world: world.draft_offer.status is OfferStatus.PUBLISHED,
        _found,
    ),
    "calculate": Action(
        lambda world: world.organiser,
        lambda world: f"/organisation-evenements/{world.request.event.slug}/planning/generer",
        lambda _world: {"time_limit_s": "1"},
        lambda _world: _exists(sa.select(ScheduleRun.id)),
        lambda _world: _exists(sa.select(ScheduleVersion.id)),
    ),
    "verify a claim": Action(
        lambda world: world.moderator,
        lambda world: f"/moderation/attestations/{world.claim.id}",
        lambda _world: {"verdict": "verified", "reason": "Certificat lu."},
        lambda world: world.claim.status is ClaimStatus.VERIFIED,
        _no_mail_waits,
    ),
    "match": Action(
        lambda world: world.ambassador,
        lambda world: f"/besoins/{world.need.id}/propositions",
        _nothing_sent,
        lambda world: _count(sa.select(sa.func.count(MatchRun.id))) > 1,
        lambda _world: True,
    ),
}


def _count(query: "sa.Select[int]") -> int:
    return db.session.scalar(query) or 0


def _is_postgres() -> bool:
    return db.engine.dialect.name == "postgresql"


def _rows() -> int:
    """Everything that an action may leave: to see that nothing was half saved."""
    tables: tuple[type[Base], ...] = (Job, Mail, UserSession, MatchRun, ScheduleRun)
    return sum(_count(sa.select(sa.func.count()).select_from(table)) for table in tables)


@pytest.mark.parametrize("fault", list(FAULTS))
def test_each_page_while_a_part_is_gone(world: World, fault: str) -> None:
    clients = {name: world.client(page.reader(world)) for name, page in READ.items()}
    paths = {name: page.path(world) for name, page in READ.items()}
    db.session.commit()
    found = {}
    with FAULTS[fault](world.app):
        db.session.commit()
        if fault in ("vectors", "encoder", "broken"):  # a process that reads, or encodes, finds out
            clients["search"].get("/offres?q=parlons")
        if fault == "disk":
            clients["search"].post("/connexion", data={"email": world.vendor.email, "password": PASSWORD})
        clients["health"].get("/sante")
        for name, client in clients.items():
            answer = client.get(paths[name])
            found[name] = str(answer.status_code) + ("+" if "fr-notice--warning" in answer.text else "")
            if name == "search":
                listed = ">Parlons<" in answer.text
                assert listed is (fault != "vectors"), "found by its words at least"
        db.session.rollback()
    told = rows(PAGES, is_postgres=_is_postgres())
    assert found == {name: cell for (name, one), cell in told.items() if one == fault}


@pytest.mark.parametrize("fault", list(FAULTS))
@pytest.mark.parametrize("name", list(DONE))
def test_each_action_while_a_part_is_gone(world: World, name: str, fault: str) -> None:
    action = DONE[name]
    client, path, data = world.client(action.actor(world)), action.path(world), action.data(world)
    db.session.commit()
    with FAULTS[fault](world.app):
        db.session.commit()
        before = _rows()
        db.session.rollback()
        answer = client.post(path, data=data)
        db.session.rollback()
        is_saved = action.is_saved(world)
        after = _rows()
        db.session.rollback()
    told = rows(ACTIONS, is_postgres=_is_postgres())
    assert f"{answer.status_code}{'s' if is_saved else '-'}" == told[name, fault]
    if answer.status_code == 503:
        assert after == before
        assert "Rien n’a été enregistré" in answer.text or "rien n’a été enregistré" in answer.text
        assert client.post(path, data=data).status_code == 302  # the same again, once the fault is over
        assert action.is_saved(world)
    _let_a_worker_pass()
    assert name == "match" or action.is_whole(world)
    assert not any(subjects_to_encode().values())


def _let_a_worker_pass() -> None:
    """What waits is done, delays included; vectors are healed, as each hour."""
    for moment in (now(), now() + LATER):
        with clock.fixed_at(moment), unit_of_work():
            jobs.enqueue("heal_vectors")
        with clock.fixed_at(moment):
            while waiting := jobs.due_jobs(limit=1):
                jobs.run(waiting[0])
            while any(step() for lane in jobs.Lane for step in jobs.steps_of(lane)):
                pass
    rollback()


def test_a_job_waits_for_the_model_instead_of_failing(world_without_model: Job) -> None:
    jobs.run(world_without_model.id)
    rollback()
    assert (world_without_model.state, world_without_model.attempts) == (jobs.JobState.QUEUED, 1)
    assert world_without_model.due_at > now()


@pytest.fixture
def world_without_model(app: Flask) -> Iterator[Job]:
    offer = make_offer()
    with unit_of_work():
        job = jobs.enqueue("index_offers", ids=[offer.id])
    with FAULTS["encoder"](app):
        with pytest.raises(Unavailable, match="ENCODER_MODEL"):
            _ = engine().encoder
        yield job
