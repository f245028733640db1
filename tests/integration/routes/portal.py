"""The seeded portal of the route table: people of each role, and one object of each kind to point routes at.

A's things are what the routes point at: B is of the same trade, elsewhere. Every request is undone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.enums import LinkPurpose
from app.accounts.models import IdentityChange, MemberInvitation, Membership, Organisation, User, UserSession
from app.accounts.queries import actor_of
from app.accounts.services import draw_token, open_session, send_link
from app.accounts.services.inviting import draw_invitation_token
from app.accounts.services.joining import ask_to_join
from app.claims.enums import ClaimOrigin, Visibility
from app.claims.models import Claim, Contest
from app.content.enums import Nature
from app.core import clock
from app.core import db as database
from app.core.db import Base, db
from app.events.enums import DayEventKind, Side
from app.events.models import DayEvent, Delegation, Event, EventTeamMember
from app.matchmaking.models import ShortlistEntry
from app.meetings.enums import PairRuleKind
from app.meetings.models import GroupSession, Invitation, MeetingRequest, PairRule
from app.moderation.enums import ImportKind
from app.moderation.exports import sample_csv
from app.moderation.services.imports.background import try_import
from app.needs.models import Need
from app.offers.models import Offer
from app.offers.services import edit_offer
from app.outbox.services import send_mail
from app.permissions import SYSTEM, Role
from app.reference.models import Criterion
from app.schedules.models import ScheduleRun
from app.seeding import seed_everything
from app.web.extensions import limiter
from tests.conftest import NOW, portal_of, settings_for
from tests.factories import make_administration, make_evidence, make_user
from tests.integration.events.factories import make_request, make_version
from tests.integration.routes.objects import objects_of

SENT = {"events.change_status": {"etat": "clore-demandes"}}
"""What a route is sent that has to choose: every other one is sent nothing."""
ROLES = (
    *("visitor", "vendor A", "vendor B", "ambassador A", "ambassador B"),
    *("organiser", "other organiser", "moderator"),
)


@dataclass(frozen=True)
class Portal:
    """`tokens`: the session of each role; `values`: what fills a parameter, by blueprint or for all ("")."""

    app: Flask
    tokens: Mapping[str, str]
    values: Mapping[str, Mapping[str, Any]]

    def path(self, method: str, endpoint: str, arguments: set[str]) -> str:
        """Address of the route, about A's things."""
        domain = endpoint.partition(".")[0]
        known = {**self.values[""], **self.values.get(domain, {}), **self.values.get(endpoint, {})}
        wanted = {name: known[name] for name in {*arguments, *self.values.get(endpoint, {})}}
        return str(self.app.url_map.bind("localhost").build(endpoint, wanted, method=method))

    def answer(self, method: str, endpoint: str, arguments: set[str], role: str) -> str:
        """Status of a bare request, "in" for one sent to sign in; whatever it changes is undone."""
        path = self.path(method, endpoint, arguments)
        client, sent = self.app.test_client(), SENT.get(endpoint, {}) if method == "POST" else None
        if role in self.tokens:
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = self.tokens[role], True
        answer = Context().run(client.open, path, method=method, data=sent)
        answer.close()
        if answer.status_code == 302 and answer.location.startswith("/connexion"):
            return "in"
        return str(answer.status_code)


@contextmanager
def seeded(folder: Path, url: str) -> Iterator[Portal]:
    settings = settings_for(folder, url)
    with clock.fixed_at(NOW), portal_of(settings) as app:
        app.config.update(
            TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False, MAIL_BACKEND="locmem"
        )
        app.extensions["mailman"].backend = "locmem"
        seed_everything()
        portal = _portal(app)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(database, "commit", database.rollback)
            patch.setattr(limiter, "enabled", False)
            yield portal


def _portal(app: Flask) -> Portal:
    event = db.session.scalars(sa.select(Event).order_by(Event.id.desc())).first()
    assert event is not None
    sides = {side: _delegation(event, side) for side in Side}
    mine, theirs = sides[Side.ADMINISTRATION], sides[Side.VENDOR]
    offer = _one(Offer, Offer.organisation_id == theirs.organisation_id)
    need = _one(Need, Need.organisation_id == mine.organisation_id)
    claim = _one(Claim, (Claim.offer_id == offer.id) & (Claim.origin == ClaimOrigin.STATED))
    piece = make_evidence(claim, visibility=Visibility.RESTRICTED)
    contest = Contest(claim_id=claim.id, by_id=_first(Membership.role == Role.MODERATOR).id, reason="Faux.")
    db.session.add(contest)
    db.session.flush()
    request = db.session.scalars(
        sa.select(MeetingRequest).filter_by(administration_id=mine.id, vendor_id=theirs.id)
    ).first() or make_request(mine, theirs)
    slot = event.slots[0]
    session = GroupSession(
        event=event,
        host=mine,
        slot_id=slot.id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        theme="Thème",
        room=event.rooms - 1,
        capacity=4,
    )
    session.invitations = [Invitation(vendor=theirs)]
    rule = db.session.scalars(
        sa.select(PairRule).filter_by(administration_id=mine.id, vendor_id=theirs.id)
    ).first() or PairRule(
        event_id=event.id, administration_id=mine.id, vendor_id=theirs.id, kind=PairRuleKind.PINNED
    )
    db.session.add_all([session, rule])
    version = make_version(event, [(mine, theirs, 1)])
    day_event = DayEvent(event_id=event.id, kind=DayEventKind.LOST_TABLES, tables=1, from_at=slot.starts_at)
    entry = sa.select(ShortlistEntry).filter_by(need_id=need.id, offer_id=offer.id)
    if db.session.scalars(entry).first() is None:
        read = {"need_version": need.version, "offer_version": offer.version}
        db.session.add(ShortlistEntry(need_id=need.id, offer_id=offer.id, **read))
    db.session.add(day_event)
    people = {
        "vendor A": _member(theirs.organisation_id, Role.VENDOR),
        "vendor B": _member(theirs.organisation_id, Role.VENDOR, elsewhere=True),
        "ambassador A": _member(mine.organisation_id, Role.AMBASSADOR),
        "ambassador B": _member(mine.organisation_id, Role.AMBASSADOR, elsewhere=True),
        "organiser": _member(event.organisation_id, Role.ORGANISER),
        "other organiser": make_user(Role.ORGANISER, make_administration()),
        "moderator": _first(Membership.role == Role.MODERATOR),
    }
    send_mail(to=["a@exemple.fr"], subject="Objet", body="Texte", event_id=event.id)
    tokens = {role: open_session(user) for role, user in people.items()}
    db.session.commit()
    run = db.session.scalars(sa.select(ScheduleRun).where(ScheduleRun.id == version.run_id)).one()
    vendor = db.session.get_one(Organisation, theirs.organisation_id)
    everywhere = {
        "claim_id": claim.id,
        "day_event_id": day_event.id,
        "delegation_id": mine.id,
        "digest": "0" * 64,
        "contest_id": contest.id,
        "evidence_id": piece.id,
        "filename": "css/site.css",
        "key": db.session.scalars(sa.select(Criterion.key).order_by(Criterion.position)).first(),
        "kind": "offers",
        "mail_id": 1,
        "meeting_id": version.placements[0].meeting_id,
        "need_id": need.id,
        "number": 1,
        "offer_id": offer.id,
        "organisation_id": vendor.id,
        "request_id": request.id,
        "rule_id": rule.id,
        "run_id": run.id,
        "secret": "inconnu",
        "session_id": session.id,
        "slug": event.slug,
        "subject_id": offer.id,
        "term_id": 1,
        "token": "inconnu",
        "vendor_id": theirs.id,
        "what": "absence",
    }
    sessions = UserSession.user_id == people["vendor A"].id
    values = {
        "": everywhere,
        "accounts.end_session": {"session_id": db.session.scalar(sa.select(UserSession.id).where(sessions))},
        "accounts.new_password": {"token": _secret(people["vendor A"], LinkPurpose.NEW_PASSWORD)},
        "accounts.confirm_address": {"token": _secret(people["vendor A"], LinkPurpose.CONFIRM_ADDRESS)},
        "accounts.change_address": {"token": _secret(people["vendor A"], LinkPurpose.CHANGE_ADDRESS)},
        "meetings.request_meeting": {"besoin": need.id, "offre": offer.id},
        "schedules.compare": {"number": version.number, "avec": version.number},
        **_belonging(people["vendor A"], vendor),
        **objects_of(people, need, offer, event),
        "offers": {"slug": offer.slug},
        "matchmaking.similar_offers": {"slug": offer.slug},
        "offers.vendor": {"slug": vendor.slug},
        "events.remove_from_event_team": {"user_id": _colleague(event)},
        "moderation.identity": {"change_id": _renaming(vendor)},
        **_import(people["moderator"]),
        "moderation.subject": {"kind": "offre"},
        "moderation.correction": {"number": _correct(offer)},
        "schedules": {"number": version.number},
        "event_day": {"number": version.number},
    }
    return Portal(app, tokens, values)


def _belonging(manager: User, vendor: Organisation) -> dict[str, dict[str, Any]]:
    """Somebody asks to join A's company, somebody else is invited, and A manages it."""
    for membership in manager.memberships:
        membership.is_manager = True
    asking, member, invited = make_user(), make_user(Role.VENDOR, vendor), make_user()
    asked = ask_to_join(asking, vendor)
    invitation = MemberInvitation(
        organisation=vendor, email=invited.email, role=Role.VENDOR, expires_at=NOW + timedelta(days=3650)
    )
    db.session.add(invitation)
    db.session.flush()
    drawn = draw_invitation_token(invitation.id)
    assert drawn is not None
    db.session.commit()
    here = {"organisation_id": vendor.id, "user_id": member.id, "join_id": asked.id}
    here["invitation_id"] = invitation.id
    routes = ("admit", "decline", "withdraw_join", "remove_member", "set_manager", "cancel_invitation")
    return {f"accounts.{name}": here for name in routes} | {"accounts.accept_invitation": {"token": drawn[1]}}


def _colleague(event: Event) -> int:
    """Somebody of the event's team."""
    person = make_user(Role.ORGANISER, make_administration())
    db.session.add(EventTeamMember(event_id=event.id, user_id=person.id))
    db.session.commit()
    return person.id


def _renaming(vendor: Organisation) -> int:
    """A's company asks for another name."""
    change = IdentityChange(organisation=vendor, name="Autre nom", siren=vendor.siren)
    db.session.add(change)
    db.session.commit()
    return change.id


def _correct(offer: Offer) -> int:
    """A's offer is corrected."""
    edit_offer(SYSTEM, offer, nature=Nature.CORRECTION, summary=f"{offer.summary} !")
    db.session.commit()
    return offer.version


def _import(moderator: User) -> dict[str, dict[str, Any]]:
    """A file being tried."""
    sample = sample_csv(ImportKind.OFFERS, criteria=[], attributes=[])
    run = try_import(actor_of(moderator), ImportKind.OFFERS, sample.encode(), "o.csv")
    db.session.commit()
    return {
        f"moderation.{name}": {"run_id": run.id} for name in ("import_run", "stop_import", "confirm_import")
    }


def _secret(user: User, purpose: LinkPurpose) -> str:
    """The token of a link mailed to the person: whoever holds it may use it, signed in or not."""
    drawn = draw_token(send_link(user, purpose).id)
    assert drawn is not None
    db.session.commit()
    return drawn[1]


def _delegation(event: Event, side: Side) -> Delegation:
    """The first whose organisation has an account and, for an administration, a published need."""
    people = sa.select(Membership.organisation_id)
    things = sa.select(Need.organisation_id if side is Side.ADMINISTRATION else Offer.organisation_id)
    if side is Side.ADMINISTRATION:
        things = things.where(Need.status == "published")
    query = sa.select(Delegation).where(
        Delegation.event_id == event.id,
        Delegation.side == side,
        Delegation.organisation_id.in_(people),
        Delegation.organisation_id.in_(things),
    )
    found = db.session.scalars(query.order_by(Delegation.id)).first()
    assert found is not None
    return found


def _one(model: type[Base], condition: sa.ColumnElement[bool]) -> Any:
    table: Any = model
    query = sa.select(table).where(condition)
    if model is not Claim:
        query = query.where(table.status == "published")
    found = db.session.scalars(query.order_by(table.id)).first()
    assert found is not None, model
    return found


def _member(organisation_id: int, role: Role, *, elsewhere: bool = False) -> User:
    here = Membership.organisation_id == organisation_id
    return _first((Membership.role == role) & (~here if elsewhere else here))


def _first(condition: sa.ColumnElement[bool]) -> User:
    query = sa.select(User).join(User.memberships).where(condition)
    return db.session.scalars(query.order_by(User.id)).first() or pytest.fail("no such account is seeded")
