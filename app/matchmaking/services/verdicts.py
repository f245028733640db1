"""What ambassadors think of proposals, with what they were looking at when they said so."""

from app.audit.services import record
from app.content.queries import get_version
from app.core.db import db, hold
from app.core.errors import NotFound
from app.matchmaking.models import Proposal, Verdict
from app.matchmaking.queries import find_proposal, find_verdict
from app.matchmaking.services.selection import require_open
from app.needs.models import Need
from app.needs.spec import NEED
from app.offers.models import Offer
from app.permissions import Actor


def give_verdict(
    actor: Actor, need: Need, offer: Offer, *, useful: bool, run_id: int | None = None
) -> Verdict:
    """Say whether a proposal is useful; saying otherwise later replaces it.

    The proposal judged is that of the run the person was reading, else of the latest."""
    require_open(actor, need)
    hold(need)
    verdict = find_verdict(need.id, offer.id)
    if verdict is None:
        verdict = Verdict(need=need, offer=offer)
    verdict.useful, verdict.given_by_id = useful, actor.user_id
    _keep_what_was_read(verdict, need, find_proposal(need.id, offer.id, run_id))
    db.session.add(verdict)
    record(actor, "proposal.judged", need, offer_id=offer.id, useful=useful)
    return verdict


def withdraw_verdict(actor: Actor, need: Need, offer_id: int) -> None:
    """Take a judgement back, as if it had never been given; the audit log remembers."""
    require_open(actor, need)
    verdict = find_verdict(need.id, offer_id)
    if verdict is None:
        raise NotFound
    db.session.delete(verdict)
    record(actor, "proposal.judgement_withdrawn", need, offer_id=offer_id, useful=verdict.useful)


def _keep_what_was_read(verdict: Verdict, need: Need, proposal: Proposal | None) -> None:
    verdict.need_version = proposal.run.need_version if proposal else need.version or None
    verdict.offer_version = proposal.offer_version if proposal else verdict.offer.version
    verdict.need_text = _text_of(need, verdict.need_version)
    verdict.run_id = proposal.run_id if proposal else None
    verdict.rank = proposal.rank if proposal else None
    verdict.score = proposal.score if proposal else None
    verdict.signals = list(proposal.explanation["contributions"]) if proposal else []


def _text_of(need: Need, version: int | None) -> str:
    """What the need said in this version; what it says, for one never published."""
    said = NEED.content_of(need) if version is None else get_version(NEED, need, version).content
    return f"{said['title']}\n{said['description']}"
