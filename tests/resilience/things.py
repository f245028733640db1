"""What is worked on while processes die, and the record of what was said to be done."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from socket import socket
from time import monotonic, sleep
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from flask import Flask
from sqlalchemy.exc import OperationalError

from app.accounts.models import User
from app.accounts.queries import actor_of
from app.accounts.services import open_session
from app.core.db import db, rollback, unit_of_work
from app.core.errors import Conflict, InvalidTransition
from app.events.enums import Side
from app.events.models import Event
from app.meetings.enums import RequestState
from app.moderation.enums import ImportKind
from app.moderation.exports import sample_csv
from app.moderation.models import ImportRun
from app.moderation.services.imports.background import confirm_import, try_import
from app.needs.enums import NeedStatus
from app.offers.enums import OfferStatus
from app.offers.models import Offer
from app.offers.services import publish_offer
from app.outbox.services import send_mail
from app.permissions import SYSTEM, Actor, Role
from app.schedules.services import generate_schedule
from tests.factories import make_need, make_offer, make_user, make_vendor
from tests.integration.events.factories import make_delegation, make_event, make_request, make_version

ROWS, READERS, OFFERS_AT_ONCE = 40, 6, 6
PATIENCE_S = 90.0
TRIED_WITHIN_S = 300.0  # three leases, behind what else waits
PHASES = ("importing", "indexing", "solving", "publishing", "mailing")


@dataclass
class Promised:
    """What was committed or answered "done": it must all be there at the end."""

    imports: list[str] = field(default_factory=list)
    offers: set[int] = field(default_factory=set)
    runs: set[int] = field(default_factory=set)
    needs: set[int] = field(default_factory=set)
    schedules: set[int] = field(default_factory=set)
    mails: set[str] = field(default_factory=set)
    unanswered: int = 0
    refused: list[str] = field(default_factory=list)


class Stay(HTTPRedirectHandler):
    """A redirection is an answer."""

    def redirect_request(self, *_args: object) -> None:
        return None


class Things:
    """Enough of each thing for every round; each act runs in a thread of its own."""

    def __init__(self, app: Flask, port: int, rounds: int) -> None:
        self.app, self.port = app, port
        self.promised = Promised()
        self.threads: list[threading.Thread] = []
        self._numbers = count(1)
        with app.app_context():
            self._prepare(rounds)
            db.session.commit()
            db.session.close()

    def _prepare(self, rounds: int) -> None:
        vendor = make_vendor(name="Éditeur des essais", slug="editeur-essais")
        self.moderator_id = make_user(Role.MODERATOR).id
        need_owner = make_user(Role.AMBASSADOR)
        organiser = make_user(Role.ORGANISER)
        draft = {"published_at": None}
        self.draft_offers = [
            make_offer(vendor, status=OfferStatus.DRAFT, **draft).id for _n in range(OFFERS_AT_ONCE * rounds)
        ]
        organisation = need_owner.memberships[0].organisation
        self.draft_needs = [
            make_need(organisation, status=NeedStatus.DRAFT, **draft).id for _n in range(2 * rounds)
        ]
        self.to_solve = [_event(solved=False) for _n in range(rounds)]
        self.to_publish = [_event(solved=True) for _n in range(rounds)]
        self.tokens = {
            "ambassador": self._cookie(open_session(need_owner)),
            "organiser": self._cookie(open_session(organiser)),
        }

    def _cookie(self, token: str) -> str:
        with self.app.test_request_context():
            signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
            return f"session={signer.dumps({'_user_id': token, '_fresh': True})}"

    def begin(self, phase: str) -> None:
        act: Callable[[], None] = getattr(self, f"_{phase}")
        thread = threading.Thread(target=self._within, args=(act,), daemon=True)
        thread.start()
        self.threads.append(thread)

    def join(self) -> None:
        for thread in self.threads:
            thread.join(TRIED_WITHIN_S)

    def _within(self, act: Callable[[], None]) -> None:
        with self.app.app_context():
            try:
                act()
            except (Conflict, InvalidTransition, OperationalError) as error:
                rollback()
                self.promised.refused.append(f"{act.__name__}: {type(error).__name__}")
            finally:
                db.session.close()

    def _importing(self) -> None:
        mark = f"Importée {next(self._numbers):03d}"
        head = sample_csv(ImportKind.OFFERS, criteria=[], attributes=[]).splitlines()[0]
        names = head.lstrip("\ufeff").split(";")
        lines = []
        for row in range(ROWS):
            name = f"{mark} {row:03d}"
            told = {
                "reference": name, "organisation": "editeur-essais", "nom": name, "resume": "Messagerie",
                "description": f"Messagerie {name}, hébergée en France pour les ministères.",
                "type": "marché", "langue": "fr", "publier": "oui",
            }  # fmt: skip
            lines.append(";".join(told.get(column, "") for column in names))
        data = "\n".join([head, *lines]).encode()
        with unit_of_work():
            run_id = try_import(self._moderator(), ImportKind.OFFERS, data, "essai.csv").id
        until = monotonic() + TRIED_WITHIN_S
        while monotonic() < until:
            rollback()
            tried = db.session.get_one(ImportRun, run_id)
            if tried.report or not tried.job.is_active:
                break
            sleep(0.1)
        with unit_of_work():
            confirm_import(self._moderator(), db.session.get_one(ImportRun, run_id))
        self.promised.imports.append(mark)

    def _indexing(self) -> None:
        some = [self.draft_offers.pop() for _n in range(OFFERS_AT_ONCE)]
        with unit_of_work() as session:
            for offer_id in some:
                publish_offer(SYSTEM, session.get_one(Offer, offer_id))
        self.promised.offers.update(some)

    def _solving(self) -> None:
        event_id = self.to_solve.pop()
        with unit_of_work() as session:
            run = generate_schedule(SYSTEM, session.get_one(Event, event_id), time_limit_s=2.0)
            session.flush()
            run_id = run.id
        self.promised.runs.add(run_id)

    def _publishing(self) -> None:
        event_id = self.to_publish.pop()
        slug = db.session.get_one(Event, event_id).slug
        rollback()
        path = f"/organisation-evenements/{slug}/planning/versions/1/publication"
        if self._posted(path, "organiser"):
            self.promised.schedules.add(event_id)
        for need_id in (self.draft_needs.pop(), self.draft_needs.pop()):
            if self._posted(f"/besoins/{need_id}/publier", "ambassador"):
                self.promised.needs.add(need_id)

    def _mailing(self) -> None:
        number = next(self._numbers)
        readers = [f"lecteur{number}-{reader}@exemple.fr" for reader in range(READERS)]
        with unit_of_work():
            send_mail(to=readers, subject="Planning", body="Bonjour.", about="essai")
        self.promised.mails.update(readers)

    def _posted(self, path: str, who: str) -> bool:
        """Whether the server said that it is done."""
        request = Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=urlencode({}).encode(),
            headers={"Cookie": self.tokens[who]},
        )
        self._until_served()
        try:
            with build_opener(Stay).open(request, timeout=30) as answer:
                return bool(answer.status == 200)
        except HTTPError as answer:
            if answer.code == 302 and "/connexion" not in (answer.headers["Location"] or ""):
                return True
            self.promised.unanswered += 1
        except (OSError, HTTPException):  # killed before it answered: done or not, never half
            self.promised.unanswered += 1
        return False

    def _until_served(self) -> None:
        until = monotonic() + PATIENCE_S
        while monotonic() < until:
            with socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            sleep(0.05)

    def _moderator(self) -> Actor:
        return actor_of(db.session.get_one(User, self.moderator_id))


def _event(*, solved: bool) -> int:
    event = make_event(slots=4)
    pairs = []
    for _n in range(3):
        buyer, seller = (make_delegation(event, side) for side in Side)
        make_user(Role.AMBASSADOR, buyer.organisation)
        make_user(Role.VENDOR, seller.organisation)
        make_request(buyer, seller, state=RequestState.ACCEPTED)
        pairs.append((buyer, seller))
    if solved:
        make_version(event, [(*pair, 0) for pair in pairs])
    return event.id
