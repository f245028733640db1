"""Claims and what they prove, as pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.claims.engine import Answer, Outcome
from app.claims.enums import ClaimOrigin, ClaimStatus, ContestStatus, ShownStatus, Visibility
from app.claims.models import Claim, Contest, Evidence
from app.core.clock import day_of
from app.core.i18n import format_date, format_decimal, ngettext
from app.core.i18n import gettext as _
from app.permissions import Actor, OwnedBy, Permission, can
from app.reference.enums import AttributeType
from app.reference.models import Attribute
from app.reference.services import Stored


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One criterion of an offer: `badge` is a kind of `b.claim_badge`, `words` what it says, `basis` why."""

    label: str
    badge: str
    words: str
    basis: str
    issuer: str = ""
    first: date | None = None
    last: date | None = None
    examined_on: date | None = None


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence: a document, or an `address`; `what` says its kind, `may_open` is the reader's."""

    id: int
    title: str
    address: str
    may_open: bool
    what: str
    visibility: Visibility
    added_on: date
    examined_on: date | None
    removed_on: date | None
    is_replaced: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class ContestRow:
    """A contest as everyone reads it: what became of it, never who; `waits_for_vendor`, its reply."""

    id: int
    state: str
    on: date
    decided_on: date | None
    decision: str
    answer: str
    waits_for_vendor: bool


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim as made, with what became of it; `said_on` is the day of the decision, else of the words."""

    id: int
    label: str
    is_of_offer: bool
    words: str
    issuer: str
    scope: str
    first: date | None
    last: date | None
    evidence: tuple[EvidenceRow, ...]
    contests: tuple[ContestRow, ...]
    may_contest: bool
    state: ShownStatus
    said_on: date
    reason: str
    answer: str
    awaits: bool
    may_add: bool
    may_verify: bool
    may_withdraw: bool
    may_answer: bool


def answer_rows(answers: Iterable[Answer]) -> list[AnswerRow]:
    """Every criterion of an offer, in the order given."""
    return [_answer_row(answer) for answer in answers]


def claim_rows(claims: Sequence[Claim], day: date, reader: Actor) -> list[ClaimRow]:
    """Claims as they stand on `day`, those withdrawn last, with the evidence that `reader` may open."""
    kept = sorted(claims, key=lambda claim: claim.status is ClaimStatus.WITHDRAWN)
    return [_claim_row(claim, day, reader) for claim in kept]


def evidence_rows(claim: Claim, reader: Actor, *, history: bool = False) -> tuple[EvidenceRow, ...]:
    """What is shown for a claim, or with `history` what no longer is."""
    may_open = can(reader, Permission.EVIDENCE_READ, on=OwnedBy(claim.organisation_id))
    shown = [piece for piece in claim.own_pieces if piece.is_current is not history]
    return tuple(_evidence_row(claim, piece, may_open=may_open) for piece in shown)


def contest_pieces(claim: Claim, contest: Contest) -> tuple[EvidenceRow, ...]:
    """What is shown against a claim, to those who may read the contest."""
    return tuple(_evidence_row(claim, piece, may_open=True) for piece in contest.pieces)


def _contest_row(contest: Contest) -> ContestRow:
    is_open = contest.status is ContestStatus.OPEN
    return ContestRow(
        id=contest.id,
        state=contest.status.label,
        on=day_of(contest.at),
        decided_on=day_of(contest.decided_at) if contest.decided_at else None,
        decision=contest.decision_reason,
        answer=contest.answer,
        waits_for_vendor=is_open and contest.answered_at is None,
    )


def _evidence_row(claim: Claim, piece: Evidence, *, may_open: bool) -> EvidenceRow:
    decided = claim.status in (ClaimStatus.VERIFIED, ClaimStatus.CONTRADICTED)
    return EvidenceRow(
        id=piece.id,
        title=piece.title,
        address=piece.url or "",
        may_open=may_open or (piece.visibility is Visibility.PUBLIC and piece.is_current),
        what=_what(piece),
        visibility=piece.visibility,
        added_on=day_of(piece.added_at),
        examined_on=day_of(piece.examined_at) if piece.examined_at else None,
        removed_on=day_of(piece.removed_at) if piece.removed_at else None,
        is_replaced=piece.replaced_by_id is not None,
        may_change=piece.is_current and not (decided and piece.examined_at),
    )


def _what(piece: Evidence) -> str:
    if piece.media_type is None or piece.size is None:
        return _("page web")
    parts = [piece.media_type.label]
    if piece.pages:
        parts.append(ngettext("%(num)s page", "%(num)s pages", piece.pages))
    kilobytes = max(1, round(piece.size / 1024))
    parts.append(_("%(n)s ko", n=format_decimal(kilobytes)))
    return ", ".join(parts)


def value_text(attribute: Attribute, value: Stored) -> str:
    """A claimed value in words, with its unit."""
    if isinstance(value, list):
        return ", ".join(value)
    match attribute.type:
        case AttributeType.YES_NO:
            return _("Oui") if value else _("Non")
        case AttributeType.NUMBER:
            return f"{format_decimal(value)}\N{NO-BREAK SPACE}{attribute.unit}".rstrip()
        case AttributeType.DATE:
            return str(format_date(date.fromisoformat(str(value))))
    return str(value)


def _answer_row(answer: Answer) -> AnswerRow:
    badge, words = _standing(answer)
    claim = answer.claim
    if claim is None:
        return AnswerRow(answer.criterion.label, badge, words, _silence(answer.found.reason_code))
    follows = ""
    if answer.implied_by is not None:
        follows = _("Découle du critère « %(label)s ». ", label=answer.implied_by.label)
    contradicted = claim.status is ClaimStatus.CONTRADICTED
    said = (claim.decision_reason or _said(claim)) if contradicted else _said(claim)
    if claim.attribute.type is not AttributeType.YES_NO:
        value = value_text(claim.attribute, claim.found if contradicted else claim.value)
        said = f"{value}. {said}".strip()
    return AnswerRow(
        answer.criterion.label,
        badge,
        words,
        follows + said,
        claim.issuer,
        None if contradicted else claim.valid_from,
        None if contradicted else claim.valid_until,
        day_of(claim.decided_at) if claim.decided_at else None,
    )


def _said(claim: Claim) -> str:
    """What was stated, or which field says it."""
    words = {
        ClaimOrigin.LICENCE: _("D’après la licence de l’offre : %(licence)s.", licence=claim.statement),
        ClaimOrigin.LEAD_TIME: _("D’après le délai de mise en service que l’offre annonce."),
        ClaimOrigin.RECORD: _("D’après la fiche de l’entreprise."),
    }
    return words.get(claim.origin, claim.statement)


def _standing(answer: Answer) -> tuple[str, str]:
    """Kind of badge, and its words."""
    match answer.found.outcome:
        case Outcome.NOT_APPLICABLE:
            return "unknown", _("Sans objet")
        case Outcome.UNKNOWN:
            expired = answer.found.reason_code == "expired"
            return ("expired", _("Expiré")) if expired else ("unknown", _("Non renseigné"))
        case Outcome.NOT_MET:
            if answer.claim is not None and answer.claim.status is ClaimStatus.CONTRADICTED:
                return "contradicted", _("Non, le contraire est établi")
            verified = answer.is_verified
            return ("contradicted", _("Non, vérifié")) if verified else ("expired", _("Non, déclaré"))
    if answer.is_verified:
        return "verified", _("Oui, vérifié")
    notes = {"to_confirm": _("Oui, à confirmer"), "not_established": _("Oui, déclaré, non établi")}
    note = answer.found.fact.note if answer.found.fact is not None else ""
    return "declared", notes.get(note, _("Oui, déclaré"))


def _silence(reason: str) -> str:
    words = {
        "left_to_buyer": _(
            "Dépend de votre hébergeur : ce logiciel s’installe chez vous, ou chez le prestataire que vous "
            "choisissez."
        ),
        "expired": _("La dernière attestation a expiré."),
        "not_yet": _("L’attestation ne vaut pas encore."),
    }
    return words.get(reason, _("Aucune attestation en cours de validité."))


def _claim_row(claim: Claim, day: date, reader: Actor) -> ClaimRow:
    state = claim.status_on(day)
    said_at = claim.withdrawn_at or claim.decided_at or claim.created_at
    return ClaimRow(
        id=claim.id,
        label=claim.attribute.label,
        is_of_offer=claim.offer_id is not None,
        words=f"{value_text(claim.attribute, claim.value)}. {_said(claim)}".strip(),
        issuer=claim.issuer,
        scope=claim.scope,
        first=claim.valid_from,
        last=claim.valid_until,
        evidence=evidence_rows(claim, reader),
        contests=tuple(_contest_row(contest) for contest in claim.contests),
        may_contest=reader.user_id is not None
        and claim.organisation_id not in reader.organisations()
        and state not in (ShownStatus.CONTRADICTED, ShownStatus.WITHDRAWN, ShownStatus.EXPIRED),
        state=state,
        said_on=day_of(said_at),
        reason=claim.decision_reason,
        answer=claim.answer,
        awaits=claim.awaits_verification,
        may_add=claim.status is not ClaimStatus.WITHDRAWN,
        may_verify=bool(claim.evidence)
        and not claim.is_derived
        and state is ShownStatus.DECLARED
        and not claim.awaits_verification,
        may_withdraw=not claim.is_derived
        and claim.status not in (ClaimStatus.CONTRADICTED, ClaimStatus.WITHDRAWN),
        may_answer=not claim.awaits_verification
        and claim.status in (ClaimStatus.CONTRADICTED, ClaimStatus.NOT_ESTABLISHED),
    )
