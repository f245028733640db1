"""Sets of offers that together cover several functions."""

from flask import request

from app.core.errors import RuleBroken, Unavailable
from app.matchmaking.engine.suites import find_suites
from app.matchmaking.forms.suites import SUGGESTIONS, example_links, is_asked, suite_form
from app.matchmaking.presenters.proposals import reason_text
from app.matchmaking.views.blueprint import blueprint
from app.offers.queries import published_offers
from app.permissions import Permission
from app.reference.queries import criteria
from app.web.access import requires
from app.web.forms import attach_errors, form_page


@blueprint.get("/ensembles")
@requires(Permission.SUITE_READ)
def suites() -> tuple[str, int]:
    known = criteria()
    form, answer = suite_form(known, request.args), None
    if is_asked(request.args) and form.check():
        try:
            answer = find_suites(form.functions(), form.requirements(), form.kinds.data or ())
        except (RuleBroken, Unavailable) as error:
            attach_errors(form, {}, error.message)
    return form_page(
        "matchmaking/suites.html",
        form=form,
        answer=answer,
        offers={offer.id: offer for offer in published_offers(answer.offer_ids() if answer else ())},
        criteria={criterion.key: criterion for criterion in known},
        reason=reason_text,
        suggestions=SUGGESTIONS,
        examples=example_links(),
    )
