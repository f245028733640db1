"""Writing offers: create, edit, publish, withdraw, copy."""

from typing import Unpack

from app.accounts.enums import OrganisationKind, Standing
from app.accounts.models import Organisation
from app.accounts.services.standing import must_wait
from app.audit.services import record
from app.claims.services import carry_contradictions
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
from app.content.spec import Content, changes
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l
from app.core.slugs import unique_slug
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer
from app.offers.queries import subject_of
from app.offers.services.checks import require_on
from app.offers.services.corrections import note_version
from app.offers.services.deriving import derive
from app.offers.signals import offer_changed
from app.offers.spec import OFFER, OfferContent, checked
from app.permissions import Actor, Permission

MINIMUM_DESCRIPTION = 40


def create_offer(
    actor: Actor,
    *,
    organisation: Organisation | None,
    kind: OfferKind = OfferKind.MARKET,
    import_key: str | None = None,
    **content: Unpack[OfferContent],
) -> Offer:
    """A draft offer."""
    require_on(actor, Permission.OFFER_CREATE, kind, organisation)
    _check_owner(kind, organisation)
    offer = Offer(kind=kind, organisation=organisation, import_key=import_key)
    OFFER.write(offer, OFFER.load(OFFER.dump(content)))
    offer.slug = unique_slug(Offer.slug, offer.name)
    db.session.add(offer)
    flush_for_id()
    record(actor, "offer.created", offer, name=offer.name)
    derive(actor, offer)
    offer_changed.send(offer.id)
    return offer


def save_offer(actor: Actor, offer: Offer, content: Content, *, seen: Seen | None = None) -> None:
    """Keep what an editor wrote: as the draft of an offer once published, in the offer itself before that.

    Raises EditConflict when somebody else saved since it was `seen`."""
    require_on(actor, Permission.OFFER_EDIT, offer.kind, offer.organisation)
    checked(offer.kind, OFFER.load(content))
    changed = keep(actor, OFFER, offer, content, seen=seen)
    if not offer.version:
        derive(actor, offer)
        offer_changed.send(offer.id)
    if changed:
        record(actor, "offer.edited", offer, version=offer.version)


def autosave_offer(actor: Actor, offer: Offer, content: Content, seen: Seen | None) -> None:
    """Keep what is being typed, complete or not."""
    require_on(actor, Permission.OFFER_EDIT, offer.kind, offer.organisation)
    keep_draft(actor, OFFER, offer, content, seen=seen)


def edit_offer(
    actor: Actor,
    offer: Offer,
    *,
    note: str = "",
    nature: Nature = Nature.SUBSTANTIVE,
    **content: Unpack[OfferContent],
) -> bool:
    """Change an offer at once, published or not, as an import does; False when nothing differs. A draft being
    written takes the change in."""
    require_on(actor, Permission.OFFER_EDIT, offer.kind, offer.organisation)
    before = OFFER.content_of(offer)
    revise(OFFER, offer, OFFER.dump({**OFFER.load(before), **content}))
    changed = [change.name for change in changes(OFFER, before, OFFER.content_of(offer))]
    if not changed:
        return False
    if offer.status is OfferStatus.PUBLISHED:
        _check_publishable(offer)
        note_version(actor, offer, add_version(actor, OFFER, offer, nature=nature, note=note))
    else:
        save(offer)
    record(actor, "offer.edited", offer, fields=changed, version=offer.version)
    derive(actor, offer)
    offer_changed.send(offer.id)
    return True


def publish_offer(
    actor: Actor,
    offer: Offer,
    *,
    note: str = "",
    nature: Nature = Nature.SUBSTANTIVE,
    revision: int | None = None,
) -> bool:
    """Show a draft, or a withdrawn offer again, to everyone and to the matching, or put a published offer's
    draft in its place. With `revision`, only what was read at that revision is published.

    False when it waits for a moderator instead: the first offer of a vendor, or one under review."""
    require_on(actor, Permission.OFFER_EDIT, offer.kind, offer.organisation)
    check_unchanged(offer, revision)
    if must_wait(actor, offer, offer.organisation, is_first=_is_first(offer)):
        contents.send_to_moderation(
            actor, PUBLISHING, offer, waiting=_("Cette offre attend déjà la modération.")
        )
        return False
    note_version(actor, offer, publish(actor, PUBLISHING, offer, nature=nature, note=note))
    derive(actor, offer)
    offer_changed.send(offer.id)
    return True


def hide_offer(actor: Actor, offer: Offer, standing: Standing, reason: str) -> None:
    """Take the offer away from everyone, by the word of a moderator."""
    contents.hide(actor, PUBLISHING, offer, standing, reason, hidden=OfferStatus.WITHDRAWN)
    offer_changed.send(offer.id)


def reopen_offer(actor: Actor, offer: Offer) -> None:
    """Undo `hide_offer`: what was published is again, as it was."""
    was_shown = offer.status is OfferStatus.WITHDRAWN and offer.version
    contents.reopen(actor, offer, shown=OfferStatus.PUBLISHED if was_shown else None)
    offer_changed.send(offer.id)


def withdraw_offer(actor: Actor, offer: Offer) -> None:
    """Take a published offer out of the catalogue and of the matching; it can be published again."""
    require_on(actor, Permission.OFFER_EDIT, offer.kind, offer.organisation)
    if offer.status is not OfferStatus.PUBLISHED:
        raise InvalidTransition(_("Seule une offre publiée peut être retirée."))
    offer.status = OfferStatus.WITHDRAWN
    save(offer)
    record(actor, "offer.withdrawn", offer)
    offer_changed.send(offer.id)


def copy_offer(actor: Actor, offer: Offer) -> Offer:
    """A new draft that says the same; what was attested of the first is not attested of the second, what was
    found against it still holds."""
    content = OFFER.load(OFFER.content_of(offer))
    content["name"] = _("Copie de %(title)s", title=offer.name)[:300]
    copied = create_offer(actor, organisation=offer.organisation, kind=offer.kind, **content)
    carry_contradictions(actor, offer.id, to=subject_of(copied))
    return copied


def discard_draft(actor: Actor, offer: Offer) -> None:
    """Give up what is being written beside the published offer, which stays as it is."""
    require_on(actor, Permission.OFFER_EDIT, offer.kind, offer.organisation)
    contents.discard(actor, OFFER, offer, name="offer")


def _is_first(offer: Offer) -> bool:
    """Whether its company has never shown anything."""
    owner = offer.organisation
    return offer.kind is OfferKind.MARKET and owner is not None and owner.first_shown_at is None


def _show(offer: Offer) -> None:
    if offer.status is not OfferStatus.PUBLISHED:
        offer.status, offer.published_at = OfferStatus.PUBLISHED, now()
    offer.standing, offer.standing_reason = Standing.ACTIVE, ""
    if offer.organisation is not None and offer.organisation.first_shown_at is None:
        offer.organisation.first_shown_at = now()


def _check_owner(kind: OfferKind, organisation: Organisation | None) -> None:
    if kind is OfferKind.FREE_SOFTWARE:
        return
    expected = OrganisationKind.VENDOR if kind is OfferKind.MARKET else OrganisationKind.ADMINISTRATION
    if organisation is None or organisation.kind is not expected:
        wording = {
            OrganisationKind.VENDOR: _("Une offre du marché appartient à une entreprise."),
            OrganisationKind.ADMINISTRATION: _("Une solution mutualisée appartient à une administration."),
        }
        raise RuleBroken(fields={"organisation": wording[expected]})


def _check_publishable(offer: Offer) -> None:
    fields = {}
    if not offer.summary:
        fields["summary"] = _("Résumez l’offre en une phrase avant de la publier.")
    if offer.kind is OfferKind.MARKET:
        if len(offer.description) < MINIMUM_DESCRIPTION:
            message = _(
                "Décrivez l’offre (au moins %(n)d caractères) avant de la publier.", n=MINIMUM_DESCRIPTION
            )
            fields["description"] = message
    elif not offer.source or offer.source_on is None:
        fields["source"] = _("Indiquez d’où viennent ces informations, et leur date.")
    if fields:
        raise RuleBroken(fields=fields)


PUBLISHING: Publishing[Offer] = Publishing(
    spec=OFFER,
    name="offer",
    ready=_check_publishable,
    show=_show,
    is_shown=lambda offer: offer.status is OfferStatus.PUBLISHED,
    already=_l("Cette offre est déjà publiée."),
)
