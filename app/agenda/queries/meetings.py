"""Reading meeting requests, pair rules, sessions and what matching says of two participants."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from app.agenda.enums import RequestState, Side
from app.agenda.models import Delegation, Event, GroupSession, Invitation, MeetingRequest, PairRule, Slot
from app.core.db import db
from app.core.errors import NotFound
from app.matchmaking.models import MatchRun, Proposal
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer
from app.permissions import Actor, Permission, can

_BOTH = (
    joinedload(MeetingRequest.administration).joinedload(Delegation.organisation),
    joinedload(MeetingRequest.vendor).joinedload(Delegation.organisation),
)


def _latest_runs() -> sa.Select[int]:
    return sa.select(sa.func.max(MatchRun.id)).group_by(MatchRun.need_id)


def _shares() -> sa.Subquery:
    """Every proposal of a market offer with its score as a share of the best one of its run.

    A score has no maximum: 3.3 and 15.1 are both high, and mean something only beside those of one need."""
    top = sa.func.max(Proposal.score).over(partition_by=Proposal.run_id)
    share = sa.case((sa.and_(top > 0, Proposal.score > 0), Proposal.score / top), else_=0.0)
    return (
        sa.select(Proposal.run_id, Proposal.offer_id, share.label("share"))
        .join(Offer, Offer.id == Proposal.offer_id)
        .where(Offer.kind == OfferKind.MARKET)
        .subquery()
    )


def find_score(need_id: int, offer_id: int) -> float | None:
    """Score of the offer in the need's latest match run as a share, 0 to 1, of the best market offer's; None
    where it was not proposed."""
    latest = sa.select(sa.func.max(MatchRun.id)).where(MatchRun.need_id == need_id).scalar_subquery()
    shares = _shares()
    query = sa.select(shares.c.share).where(shares.c.run_id == latest, shares.c.offer_id == offer_id)
    return db.session.scalars(query).one_or_none()


def pair_scores(event_id: int) -> dict[tuple[int, int], float]:
    """(administration, vendor) delegations -> best share (see `find_score`) between a published need of the
    one and a published offer of the other, from the latest runs."""
    administration, vendor, shares = aliased(Delegation), aliased(Delegation), _shares()
    query = (
        sa.select(administration.id, vendor.id, sa.func.max(shares.c.share))
        .select_from(shares)
        .join(MatchRun, MatchRun.id == shares.c.run_id)
        .join(Need, Need.id == MatchRun.need_id)
        .join(Offer, Offer.id == shares.c.offer_id)
        .join(administration, administration.organisation_id == Need.organisation_id)
        .join(vendor, vendor.organisation_id == Offer.organisation_id)
        .where(
            MatchRun.id.in_(_latest_runs()),
            Need.status == NeedStatus.PUBLISHED,
            Offer.status == OfferStatus.PUBLISHED,
            administration.event_id == event_id,
            administration.side == Side.ADMINISTRATION,
            vendor.event_id == event_id,
            vendor.side == Side.VENDOR,
        )
        .group_by(administration.id, vendor.id)
    )
    return {(a, v): share for a, v, share in db.session.execute(query)}


def suggested_vendors(event_id: int, host: Delegation | None) -> list[tuple[Delegation, float]]:
    """Vendor delegations of the event with their score for the host's published needs, the best first."""
    scores = pair_scores(event_id) if host is not None else {}
    query = sa.select(Delegation).filter_by(event_id=event_id, side=Side.VENDOR)
    vendors = db.session.scalars(query.options(joinedload(Delegation.organisation))).all()
    scored = [(vendor, scores.get((host.id if host else 0, vendor.id), 0.0)) for vendor in vendors]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0].organisation.name))


def requests_of_event(event_id: int) -> Sequence[MeetingRequest]:
    query = sa.select(MeetingRequest).where(MeetingRequest.event_id == event_id).options(*_BOTH)
    loaded = query.options(joinedload(MeetingRequest.need), joinedload(MeetingRequest.offer))
    return db.session.scalars(loaded.order_by(MeetingRequest.created_at, MeetingRequest.id)).all()


def requests_involving(organisation_ids: Collection[int]) -> Sequence[MeetingRequest]:
    """Requests sent or received by these organisations, the newest first."""
    mine = sa.select(Delegation.id).where(Delegation.organisation_id.in_(organisation_ids))
    query = (
        sa.select(MeetingRequest)
        .where(sa.or_(MeetingRequest.administration_id.in_(mine), MeetingRequest.vendor_id.in_(mine)))
        .options(*_BOTH, joinedload(MeetingRequest.event).selectinload(Event.slots))
        .options(joinedload(MeetingRequest.need), joinedload(MeetingRequest.offer))
    )
    newest = query.order_by(MeetingRequest.created_at.desc(), MeetingRequest.id.desc())
    return db.session.scalars(newest).all()


def get_request(actor: Actor, request_id: int) -> MeetingRequest:
    """A request of which the actor's organisation is one side; organisers see all."""
    request = db.session.get(MeetingRequest, request_id, options=[*_BOTH, joinedload(MeetingRequest.event)])
    if request is None:
        raise NotFound
    sides = {request.administration.organisation_id, request.vendor.organisation_id}
    if not (can(actor, Permission.EVENT_MANAGE) or sides & actor.organisations()):
        raise NotFound
    return request


def find_request(administration_id: int, vendor_id: int) -> MeetingRequest | None:
    query = sa.select(MeetingRequest).filter_by(administration_id=administration_id, vendor_id=vendor_id)
    return db.session.scalars(query).one_or_none()


def pending_requests_count(event_id: int) -> int:
    query = sa.select(sa.func.count()).select_from(MeetingRequest)
    return db.session.scalar(query.filter_by(event_id=event_id, state=RequestState.PENDING)) or 0


def pair_rules_of(event_id: int) -> Sequence[PairRule]:
    query = (
        sa.select(PairRule)
        .where(PairRule.event_id == event_id)
        .options(
            joinedload(PairRule.administration).joinedload(Delegation.organisation),
            joinedload(PairRule.vendor).joinedload(Delegation.organisation),
            joinedload(PairRule.slot),
        )
    )
    return db.session.scalars(query.order_by(PairRule.kind, PairRule.id)).all()


def get_pair_rule(event_id: int, rule_id: int) -> PairRule:
    rule = db.session.get(PairRule, rule_id)
    if rule is None or rule.event_id != event_id:
        raise NotFound
    return rule


def find_pair_rule(administration_id: int, vendor_id: int) -> PairRule | None:
    query = sa.select(PairRule).filter_by(administration_id=administration_id, vendor_id=vendor_id)
    return db.session.scalars(query).one_or_none()


def sessions_of(event_id: int) -> Sequence[GroupSession]:
    """Sessions in the order of the day, with host, slot and invited vendors."""
    query = (
        sa.select(GroupSession)
        .join(GroupSession.slot)
        .where(GroupSession.event_id == event_id)
        .options(
            contains_eager(GroupSession.slot),
            joinedload(GroupSession.host).joinedload(Delegation.organisation),
            selectinload(GroupSession.invitations)
            .joinedload(Invitation.vendor)
            .joinedload(Delegation.organisation),
        )
    )
    return db.session.scalars(query.order_by(Slot.position, GroupSession.room)).all()


def get_session(session_id: int) -> GroupSession:
    found = db.session.get(GroupSession, session_id, options=[joinedload(GroupSession.event)])
    if found is None:
        raise NotFound
    return found


def get_invitation(actor: Actor, session_id: int, vendor_id: int) -> Invitation:
    """An invitation of the actor's own organisation; others do not exist for them."""
    invitation = db.session.get(Invitation, (session_id, vendor_id))
    if invitation is None:
        raise NotFound
    if not can(actor, Permission.SESSION_ANSWER, organisation_id=invitation.vendor.organisation_id):
        raise NotFound
    return invitation


def invitations_of(organisation_ids: Collection[int]) -> Sequence[Invitation]:
    """Invitations to sessions received by these organisations, the newest session first."""
    mine = sa.select(Delegation.id).where(Delegation.organisation_id.in_(organisation_ids))
    session = joinedload(Invitation.session)
    query = (
        sa.select(Invitation)
        .where(Invitation.vendor_id.in_(mine))
        .options(
            session.joinedload(GroupSession.slot),
            session.joinedload(GroupSession.event).load_only(Event.slug, Event.name, Event.timezone),
            session.joinedload(GroupSession.host).joinedload(Delegation.organisation),
            joinedload(Invitation.vendor).joinedload(Delegation.organisation),
        )
    )
    return db.session.scalars(query.order_by(Invitation.session_id.desc(), Invitation.vendor_id)).all()
