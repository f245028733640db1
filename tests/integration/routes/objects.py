"""What the seed leaves out of the portal of the route table, so that no row answers 404 to everybody."""

from typing import Any

from app.accounts.models import Organisation, User
from app.accounts.queries import actor_of
from app.accounts.services.joining import ask_to_join
from app.core.db import db
from app.doctrine.enums import Outcome, Step
from app.doctrine.services import close_step, consider, issue_note
from app.events.models import Event
from app.matchmaking.models import Verdict
from app.matchmaking.services.indexing import reindex_all
from app.matchmaking.services.proposals import propose_offers
from app.needs.models import Need
from app.offers.enums import OfferKind
from app.offers.models import Offer
from app.parking.services import park
from app.permissions import SYSTEM
from app.schedules.models import ScheduleRun
from app.schedules.services import make_address
from tests.factories import make_need, make_offer
from tests.integration.events.factories import make_version

Values = dict[str, dict[str, Any]]


def objects_of(people: dict[str, User], need: Need, offer: Offer, event: Event) -> Values:
    """A's opinion, note of choice, calendar and kept form, B's wish to join A's company, a repair to see."""
    vendor = offer.organisation
    assert vendor is not None
    db.session.add(Verdict(need=need, offer=offer, offer_version=offer.version, useful=True))
    asked = ask_to_join(people["vendor B"], vendor)
    kept = park(people["vendor A"].id, page="/compte/nom", action="/compte/nom", fields=[("name", "Ada")])
    address = make_address(actor_of(people["vendor A"]))
    db.session.commit()
    return {
        **_note(people["ambassador A"], need.organisation),
        "accounts.withdraw_join": {"join_id": asked.id},
        "event_day.proposal": {"number": _repair(event)},
        "parking.resume": {"token": kept},
        "schedules.followed_calendar": {"secret": address},
    }


def _note(ambassador: User, organisation: Organisation) -> Values:
    """The first note of choice of another need of A's: a solution of the State retained at the first step."""
    need, actor = make_need(organisation), actor_of(ambassador)
    shared = make_offer(organisation, kind=OfferKind.MUTUALISED)
    reindex_all()
    for proposal in propose_offers(SYSTEM, need).proposals:
        proposal.explanation = {**proposal.explanation, "fit": "possible"}
        if proposal.offer.kind is OfferKind.MUTUALISED:
            consider(actor, need, proposal.offer, outcome=Outcome.RETAINED, detail="Déjà déployée chez nous.")
    consider(actor, need, shared, outcome=Outcome.RETAINED, detail="Déjà déployée chez nous.")
    close_step(actor, need, Step.MUTUALISE)
    note = issue_note(actor, need, issued_by="Une ambassade")
    db.session.commit()
    here = {"need_id": need.id, "number": note.number}
    return {"doctrine.note": here, "doctrine.note_file": here, "doctrine.verify": {"digest": note.digest}}


def _repair(event: Event) -> int:
    """The number of a version that a repair of the day proposes."""
    version = make_version(event, [])
    run = db.session.get_one(ScheduleRun, version.run_id)
    run.stored_options = {"repair": {"started": 0, "base": 1}}
    db.session.commit()
    return version.number
