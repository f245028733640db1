"""The nightly round: claims that have ended are noted, those concerned told, the needs matched again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from app.accounts.queries import readers_of
from app.claims.models import Claim
from app.claims.services import record_ending, record_expired
from app.core.i18n import format_date, ngettext
from app.core.i18n import gettext as _
from app.core.jobs import enqueue_once
from app.matchmaking.queries.selection import shortlisting_organisations
from app.offers.models import Offer
from app.offers.queries import offers_of_claims
from app.outbox.services import send_mail

Named = Mapping[int, Sequence[Offer]]
"""Claim -> the offers it speaks of."""


def tell_of_expired(day: date) -> int:
    """Note what has expired on `day`, write to whoever it concerns, have the needs matched again; answers how
    many claims. A second call the same day does nothing but the matching."""
    claims = record_expired(day)
    offers = offers_of_claims(claims)
    for organisation_id, own in _by_owner(claims).items():
        _write(organisation_id, own, offers, _to_vendor)
    for organisation_id, offer_ids in shortlisting_organisations(_concerned(claims, offers)).items():
        kept = [claim for claim in claims if offer_ids & {offer.id for offer in offers[claim.id]}]
        _write(organisation_id, kept, offers, _to_buyer)
    enqueue_once("refresh_runs")
    return len(claims)


def tell_of_ending(day: date) -> int:
    """Write 90, 30 and 7 days before an end to the vendor, and to the administrations that keep the offer on
    the shortlist of an open need; answers how many claims. A second call the same day does nothing."""
    claims = record_ending(day)
    offers = offers_of_claims(claims)
    for organisation_id, own in _by_owner(claims).items():
        _write_before(organisation_id, own, offers, _renew)
    for organisation_id, offer_ids in shortlisting_organisations(_concerned(claims, offers)).items():
        kept = [claim for claim in claims if offer_ids & {offer.id for offer in offers[claim.id]}]
        _write_before(organisation_id, kept, offers, _ask)
    return len(claims)


def _write_before(
    organisation_id: int, claims: Sequence[Claim], offers: Named, end: Callable[[], str]
) -> None:
    send_mail(
        to=readers_of(organisation_id),
        subject=lambda: ngettext(
            "Une attestation arrive à son terme",
            "%(num)s attestations arrivent à leur terme",
            len(claims),
            num=len(claims),
        ),
        body=lambda: _(
            "Bonjour,\n\nCes attestations prennent bientôt fin :\n%(lines)s\n\n%(end)s\n\n"
            "L’équipe de Trait d’union\n",
            lines=_lines(claims, offers),
            end=end(),
        ),
        about="claim.ending",
    )


def _renew() -> str:
    return str(
        _(
            "Déclarez dès maintenant la suivante dans « Mes offres », à partir du lendemain de cette fin : "
            "votre offre ne manquera pas un jour aux besoins qui l’exigent."
        )
    )


def _ask() -> str:
    return str(
        _("Ces offres sont dans votre sélection : demandez au fournisseur s’il renouvelle l’attestation.")
    )


def _by_owner(claims: Iterable[Claim]) -> dict[int, list[Claim]]:
    found: dict[int, list[Claim]] = {}
    for claim in claims:
        if claim.organisation_id is not None:
            found.setdefault(claim.organisation_id, []).append(claim)
    return found


def _concerned(claims: Iterable[Claim], offers: Named) -> set[int]:
    return {offer.id for claim in claims for offer in offers[claim.id]}


def _write(
    organisation_id: int,
    claims: Sequence[Claim],
    offers: Mapping[int, Sequence[Offer]],
    end: Callable[[], str],
) -> None:
    """One letter to each member, in their language, about all the claims at once."""
    send_mail(
        to=readers_of(organisation_id),
        subject=lambda: ngettext(
            "Une attestation a expiré", "%(num)s attestations ont expiré", len(claims), num=len(claims)
        ),
        body=lambda: _body(claims, offers, end()),
        about="claim.expired",
    )


def _body(claims: Sequence[Claim], offers: Named, end: str) -> str:
    return _(
        "Bonjour,\n\nCes attestations sont arrivées à leur terme :\n%(lines)s\n\n%(end)s\n\n"
        "L’équipe de Trait d’union\n",
        lines=_lines(claims, offers),
        end=end,
    )


def _lines(claims: Sequence[Claim], offers: Named) -> str:
    return "\n".join(
        _(
            "- %(criterion)s, %(about)s : jusqu’au %(day)s",
            criterion=claim.attribute.label,
            about=", ".join(offer.name for offer in offers[claim.id]) or _("toute l’entreprise"),
            day=format_date(claim.valid_until),
        )
        for claim in claims
    )


def _to_vendor() -> str:
    return str(
        _("Déclarez la suivante dans « Mes offres » : sans elle, les besoins qui l’exigent vous échappent.")
    )


def _to_buyer() -> str:
    return str(_("Ces offres sont dans votre sélection : vérifiez qu’elles remplissent encore vos critères."))
