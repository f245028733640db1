"""Figures of the home page, and what waits for each role."""

from dataclasses import dataclass, field

import sqlalchemy as sa

from app.accounts.enums import AskState, OrganisationKind, Standing
from app.accounts.models import IdentityChange, Organisation
from app.accounts.queries.belonging import count_unmanaged_joins, count_waiting_joins
from app.claims.models import Claim
from app.claims.queries import count_open_contests
from app.core.clock import now
from app.core.db import db
from app.events.enums import EventStatus, Side
from app.events.models import Delegation, Event
from app.events.queries.events import is_to_come, run_by, takes_answers
from app.matchmaking.models import MatchRun, Proposal, ShortlistEntry
from app.meetings.enums import InvitationState, RequestState
from app.meetings.models import GroupSession, Invitation, MeetingRequest
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer
from app.permissions import Actor, Role
from app.schedules.enums import VersionState
from app.schedules.models import Meeting, Placement, ScheduleVersion


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a to-do list: `count` things of `kind` wait; the template words and links it."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    tasks: dict[Role, list[Task]] = field(default_factory=dict)


def home_figures() -> dict[str, int]:
    """Published offers by kind, published needs, vendors: in one query."""
    published = Offer.status == OfferStatus.PUBLISHED
    counts = {
        kind.value: sa.select(sa.func.count(Offer.id)).where(published, Offer.kind == kind).scalar_subquery()
        for kind in OfferKind
    }
    counts["needs"] = (
        sa.select(sa.func.count(Need.id)).where(Need.status == NeedStatus.PUBLISHED).scalar_subquery()
    )
    counts["vendors"] = (
        sa.select(sa.func.count(Organisation.id))
        .where(Organisation.kind == OrganisationKind.VENDOR, Organisation.standing == Standing.ACTIVE)
        .scalar_subquery()
    )
    row = db.session.execute(sa.select(*[query.label(name) for name, query in counts.items()])).one()
    return dict(row._mapping)


def dashboard_of(actor: Actor) -> Dashboard:
    """What waits for the actor in each of their roles."""
    board = Dashboard()
    makers = {
        Role.AMBASSADOR: _ambassador,
        Role.VENDOR: _vendor,
        Role.ORGANISER: _organiser,
        Role.MODERATOR: _moderator,
    }
    for role, make in makers.items():
        if role in actor.roles:
            board.tasks[role] = make(actor)
    return board


def _count(query: sa.Select[int]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def _ambassador(actor: Actor) -> list[Task]:
    organisations = actor.organisations(Role.AMBASSADOR)
    mine = Need.organisation_id.in_(organisations)
    published = sa.select(Need.id).where(mine, Need.status == NeedStatus.PUBLISHED)
    latest = (
        sa.select(sa.func.max(MatchRun.id)).where(MatchRun.need_id.in_(published)).group_by(MatchRun.need_id)
    )
    served = sa.select(MatchRun.need_id).join(Proposal).where(MatchRun.id.in_(latest))
    kept = sa.select(ShortlistEntry.need_id)
    return [
        Task("drafts", _count(sa.select(Need.id).where(mine, Need.status == NeedStatus.DRAFT))),
        Task("to_choose", _count(published.where(Need.id.in_(served), Need.id.not_in(kept)))),
        Task("without_proposal", _count(published.where(Need.id.not_in(served)))),
        Task("requests", _pending_requests(organisations, Side.ADMINISTRATION)),
        Task("joins", count_waiting_joins(actor.managed(Role.AMBASSADOR))),
    ]


def _vendor(actor: Actor) -> list[Task]:
    organisations = actor.organisations(Role.VENDOR)
    mine = Offer.organisation_id.in_(organisations)
    latest = sa.select(sa.func.max(MatchRun.id)).group_by(MatchRun.need_id)
    invitations = (
        sa.select(Invitation.session_id)
        .join(Invitation.vendor)
        .join(Invitation.session)
        .join(GroupSession.event)
        .where(
            Delegation.organisation_id.in_(organisations),
            Invitation.state == InvitationState.INVITED,
            GroupSession.cancelled_at.is_(None),
            GroupSession.starts_at > now(),
            takes_answers(),
        )
    )
    return [
        Task("draft_offers", _count(sa.select(Offer.id).where(mine, Offer.status == OfferStatus.DRAFT))),
        Task("proposed", _count(sa.select(Proposal.id).join(Offer).where(mine, Proposal.run_id.in_(latest)))),
        Task("requests", _pending_requests(organisations, Side.VENDOR)),
        Task("invitations", _count(invitations)),
        Task("joins", count_waiting_joins(actor.managed(Role.VENDOR))),
    ]


def _pending_requests(organisations: frozenset[int], side: Side) -> int:
    """Requests from the other side that wait for an answer of this one."""
    mine = MeetingRequest.administration if side is Side.ADMINISTRATION else MeetingRequest.vendor
    return _count(
        sa.select(MeetingRequest.id)
        .join(mine)
        .join(MeetingRequest.event)
        .where(
            Delegation.organisation_id.in_(organisations),
            MeetingRequest.requested_by != side,
            MeetingRequest.state == RequestState.PENDING,
            takes_answers(),
        )
    )


def _organiser(actor: Actor) -> list[Task]:
    mine = run_by(actor)
    draft_versions = (
        sa.select(ScheduleVersion.id)
        .join(ScheduleVersion.event)
        .where(ScheduleVersion.state == VersionState.DRAFT, is_to_come(), mine)
    )
    withdrawn = (
        sa.select(Placement.id)
        .join(Placement.version)
        .join(Placement.meeting)
        .join(ScheduleVersion.event)
        .where(
            ScheduleVersion.state == VersionState.PUBLISHED,
            Meeting.withdrawn_at.is_not(None),
            Placement.starts_at > now(),
            takes_answers(),
            mine,
        )
    )
    return [
        Task(
            "events",
            _count(sa.select(Event.id).where(Event.status != EventStatus.CLOSED, is_to_come(), mine)),
        ),
        Task("draft_schedules", _count(draft_versions)),
        Task("withdrawn", _count(withdrawn)),
        Task("joins", count_waiting_joins(actor.managed(Role.ORGANISER))),
    ]


def _moderator(_actor: Actor) -> list[Task]:
    waiting = [
        _count(sa.select(model.id).where(model.standing == Standing.WAITING))
        for model in (Organisation, Offer, Need)
    ]
    waiting.append(_count(sa.select(IdentityChange.id).where(IdentityChange.state == AskState.WAITING)))
    return [
        Task("subjects", sum(waiting) + count_unmanaged_joins()),
        Task("claims", _count(sa.select(Claim.id).where(Claim.awaits_verification)) + count_open_contests()),
    ]
