"""What waits for moderators, decisions on claims, the audit log."""

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.claims.presenters import claim_rows, evidence_rows
from app.core.clock import today
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.moderation import forms
from app.moderation.enums import ClaimFilter
from app.moderation.queries import claims as claim_queries
from app.moderation.queries import journal as journal_queries
from app.moderation.queries.contests import open_contests
from app.moderation.queries.journal import IMPORT_ACTION, JournalFilter
from app.moderation.queries.registries import registry_matches
from app.moderation.services.claims import decide_claim, reopen_decision
from app.moderation.services.registries import doubt_of
from app.moderation.views.blueprint import blueprint
from app.permissions import Permission
from app.reference.queries import attributes
from app.web.access import current_actor, requires
from app.web.forms import BaseForm, attach_errors, form_page
from app.web.pagination import pager_of, part_asked

if TYPE_CHECKING:
    from app.moderation.queries.claims import ClaimLine

PAGE_SIZE = 20
JOURNAL_PAGE_SIZE = 50
Page = str | AnyResponse | tuple[str, int]


@blueprint.get("/moderation")
@requires(Permission.CLAIM_DECIDE)
def queue() -> str:
    return render_template(
        "moderation/queue.html",
        awaiting=claim_queries.list_claims(ClaimFilter.AWAITING, size=10).items,
        contests=open_contests(),
        expiring=claim_queries.list_claims(ClaimFilter.EXPIRING, size=10).items,
        counts={keep.value: claim_queries.count_claims(keep) for keep in ClaimFilter},
        imports=journal_queries.list_entries(JournalFilter(action=IMPORT_ACTION), size=5).items,
        entries=journal_queries.list_entries(JournalFilter(), size=10).items,
        day=today(),
    )


@blueprint.get("/moderation/attestations")
@requires(Permission.CLAIM_DECIDE)
def claims() -> str:
    form = forms.ClaimFilterForm(request.args, meta={"csrf": False})
    form.offer_criteria((item.key, item.label) for item in attributes())
    keep = ClaimFilter(form.status.data) if form.status.data in set(ClaimFilter) else None
    criterion = form.criterion.data or ""
    part = claim_queries.list_claims(keep, criterion=criterion, asked=part_asked(), size=PAGE_SIZE)
    context = {
        "form": form,
        "claims": part.items,
        "total": part.total,
        "pager": pager_of(part),
        "day": today(),
    }
    return render_template("moderation/claims.html", **context)


@blueprint.route("/moderation/attestations/<int:claim_id>", methods=["GET", "POST"])
@requires(Permission.CLAIM_DECIDE)
def claim(claim_id: int) -> Page:
    found = claim_queries.get_claim(current_actor(), claim_id)
    form = forms.DecideForm()
    if form.validate_on_submit():
        try:
            done = decide_claim(current_actor(), found.claim, **form.answers())
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_told(done), "success")
            return redirect(url_for("moderation.queue"))
    return _claim_page(found, form)


@blueprint.post("/moderation/attestations/<int:claim_id>/rouvrir")
@requires(Permission.CLAIM_DECIDE)
def reopen(claim_id: int) -> Page:
    found = claim_queries.get_claim(current_actor(), claim_id)
    form = forms.ReopenForm()
    if form.validate_on_submit():
        try:
            reopen_decision(current_actor(), found.claim, reason=form.reason.data or "")
        except RuleBroken as error:
            attach_errors(form, error.fields, error.message)
        else:
            flash(_("La décision est annulée : l’attestation attend de nouveau."), "success")
            return redirect(url_for("moderation.claim", claim_id=claim_id))
    return _claim_page(found, form)


@blueprint.get("/moderation/journal")
@requires(Permission.AUDIT_READ)
def journal() -> str:
    form = forms.JournalFilterForm(request.args, meta={"csrf": False})
    form.offer_known(journal_queries.recorded_actions(), journal_queries.recorded_object_types())
    keep = JournalFilter(form.action.data or "", form.object_type.data or "", form.person.data or "")
    part = journal_queries.list_entries(keep, asked=part_asked(), size=JOURNAL_PAGE_SIZE)
    return render_template(
        "moderation/journal.html", form=form, lines=part.items, total=part.total, pager=pager_of(part)
    )


def _told(done: bool) -> str:
    if done:
        return _("La décision est enregistrée ; le fournisseur en est prévenu.")
    return _("Votre décision est proposée : un second modérateur doit la confirmer.")


def _claim_page(found: "ClaimLine", form: BaseForm) -> tuple[str, int]:
    """The form that was refused, else the one that fits the state of the claim."""
    claim = found.claim
    if not form.errors:
        form = forms.form_for(claim, version=found.offer.version if found.offer else None)
    history = journal_queries.entries_about("claim", claim.id)
    context = {
        "claim": claim,
        "offer": found.offer,
        "value": found.value,
        "found": found.found,
        "decider": journal_queries.name_of(claim.decided_by_id),
        "history": history,
        "evidence": evidence_rows(claim, current_actor()),
        "past_evidence": evidence_rows(claim, current_actor(), history=True),
        "earlier": claim_rows(claim_queries.earlier_claims(claim), today(), current_actor()),
        "first": journal_queries.name_of(claim.proposed.by_id) if claim.proposed else "",
        "doubt": doubt_of(claim, found.offer),
        "matches": registry_matches(claim, found.offer),
        "day": today(),
    }
    return form_page("moderation/claim.html", form=form, **context)
