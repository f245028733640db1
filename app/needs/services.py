"""Writing needs: create, edit, publish, close, reopen, copy."""

from typing import Unpack

from app.accounts.enums import OrganisationKind, Standing
from app.accounts.models import Organisation
from app.accounts.services.standing import must_wait
from app.audit.services import record
from app.content import services as contents
from app.content.enums import Nature
from app.content.services import (
    Publishing,
    Seen,
    add_version,
    check_unchanged,
    keep,
    keep_draft,
    publish,
    revise,
    save,
)
from app.content.spec import Content
from app.core.clock import now, today
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.core.slugs import unique_slug
from app.needs.enums import NeedStatus
from app.needs.models import Need
from app.needs.signals import need_published
from app.needs.spec import NEED, NeedContent, check
from app.permissions import Actor, Permission, can, require

MINIMUM_DESCRIPTION = 40


def create_need(
    actor: Actor, *, organisation: Organisation, import_key: str | None = None, **content: Unpack[NeedContent]
) -> Need:
    """A draft need of an administration."""
    require(actor, Permission.NEED_CREATE, on=organisation)
    if organisation.kind is not OrganisationKind.ADMINISTRATION:
        raise RuleBroken(fields={"organisation": _("Seule une administration peut exprimer un besoin.")})
    need = Need(organisation=organisation, author_id=actor.user_id, import_key=import_key)
    NEED.write(need, NEED.load(NEED.dump(content)))
    need.slug = unique_slug(Need.slug, need.title)
    db.session.add(need)
    flush_for_id()
    record(actor, "need.created", need, title=need.title)
    return need


def save_need(actor: Actor, need: Need, content: Content, *, seen: Seen | None = None) -> None:
    """Keep what an editor wrote: as the draft of a published need, in the need itself before that.

    Raises EditConflict when somebody else saved since it was `seen`."""
    _check_open(actor, need)
    check(need, NEED.load(content))
    if keep(actor, NEED, need, content, seen=seen):
        record(actor, "need.edited", need, version=need.version)


def autosave_need(actor: Actor, need: Need, content: Content, seen: Seen | None) -> None:
    """Keep what is being typed, complete or not."""
    _check_open(actor, need)
    keep_draft(actor, NEED, need, content, seen=seen)


def edit_need(
    actor: Actor,
    need: Need,
    *,
    note: str = "",
    nature: Nature = Nature.SUBSTANTIVE,
    **content: Unpack[NeedContent],
) -> None:
    """Change a need at once, published or not, as an import does; what is not given stays, and its draft
    takes the change in."""
    _check_open(actor, need)
    revise(NEED, need, NEED.dump({**NEED.load(NEED.content_of(need)), **content}))
    if need.status is NeedStatus.PUBLISHED:
        _check_publishable(need)
        add_version(actor, NEED, need, nature=nature, note=note)
        need_published.send(need.id)
    else:
        save(need)
    record(actor, "need.edited", need, version=need.version)


def publish_need(
    actor: Actor,
    need: Need,
    *,
    note: str = "",
    nature: Nature = Nature.SUBSTANTIVE,
    revision: int | None = None,
) -> bool:
    """Make a draft public and searchable by vendors, put a published need's draft in its place, or reopen a
    closed one. With `revision`, only what was read at that revision is published.

    False when it waits for a moderator instead."""
    accepts = need.standing in (Standing.WAITING, Standing.RETURNED)
    if not (accepts and can(actor, Permission.SUBJECT_MODERATE)):
        require(actor, Permission.NEED_EDIT, on=need)
    check_unchanged(need, revision)
    if must_wait(actor, need, need.organisation):
        contents.send_to_moderation(
            actor, PUBLISHING, need, waiting=_("Ce besoin attend déjà la modération.")
        )
        return False
    publish(actor, PUBLISHING, need, nature=nature, note=note)
    need_published.send(need.id)
    return True


def hide_need(actor: Actor, need: Need, standing: Standing, reason: str) -> None:
    """Take the need away from everyone but its administration, by the word of a moderator."""
    contents.hide(actor, PUBLISHING, need, standing, reason, hidden=NeedStatus.DRAFT)


def reopen_need(actor: Actor, need: Need) -> None:
    """Undo `hide_need`: what was published is again, as it was."""
    contents.reopen(actor, need, shown=NeedStatus.PUBLISHED if need.version else None)
    if need.version:
        need_published.send(need.id)


def close_need(actor: Actor, need: Need) -> None:
    require(actor, Permission.NEED_EDIT, on=need)
    if need.status is not NeedStatus.PUBLISHED:
        raise InvalidTransition(_("Seul un besoin publié peut être clos."))
    need.status = NeedStatus.CLOSED
    save(need)
    record(actor, "need.closed", need)


def copy_need(actor: Actor, need: Need) -> Need:
    """A new draft that says the same, for its administration to adapt."""
    content = NEED.load(NEED.content_of(need))
    content["title"] = _("Copie de %(title)s", title=need.title)[:300]
    retired = {row.criterion_key for row in need.requirements if row.criterion.retired_at is not None}
    content["requirements"] = {k: v for k, v in content["requirements"].items() if k not in retired}
    return create_need(actor, organisation=need.organisation, **content)


def discard_draft(actor: Actor, need: Need) -> None:
    """Give up what is being written beside the published need, which stays as it is."""
    require(actor, Permission.NEED_EDIT, on=need)
    contents.discard(actor, NEED, need, name="need")


def delete_draft(actor: Actor, need: Need) -> None:
    require(actor, Permission.NEED_EDIT, on=need)
    if need.status is not NeedStatus.DRAFT:
        raise InvalidTransition(_("Seul un brouillon peut être supprimé ; un besoin publié se clôt."))
    record(actor, "need.deleted", need, title=need.title, description=need.description)
    db.session.delete(need)


def _check_open(actor: Actor, need: Need) -> None:
    require(actor, Permission.NEED_EDIT, on=need)
    if need.status is NeedStatus.CLOSED:
        raise InvalidTransition(_("Ce besoin est clos : rouvrez-le avant de le modifier."))


def _check_publishable(need: Need) -> None:
    fields = {}
    if len(need.description) < MINIMUM_DESCRIPTION:
        fields["description"] = _(
            "Décrivez le besoin en quelques phrases (au moins %(n)d caractères) avant de le publier.",
            n=MINIMUM_DESCRIPTION,
        )
    if need.status is NeedStatus.DRAFT and need.deadline_on is not None and need.deadline_on < today():
        fields["deadline_on"] = _("L’échéance est déjà passée : choisissez une date à venir.")
    if fields:
        raise RuleBroken(fields=fields)


def _show(need: Need) -> None:
    if need.status is not NeedStatus.PUBLISHED:
        need.status, need.published_at = NeedStatus.PUBLISHED, now()
    need.standing, need.standing_reason = Standing.ACTIVE, ""


PUBLISHING: Publishing[Need] = Publishing(
    spec=NEED,
    name="need",
    ready=_check_publishable,
    show=_show,
    is_shown=lambda need: need.status is NeedStatus.PUBLISHED,
    already=_l("Ce besoin est déjà publié."),
)
