"""Buyers' words as data: functions, and the acronyms, English and product names read as one of them."""

from app.audit.services import record
from app.core.clock import now
from app.core.db import db, flush_for_id
from app.core.errors import RuleBroken
from app.core.i18n import gettext as _
from app.core.text import search_key
from app.permissions import Actor, Permission, require
from app.reference.enums import SaveOutcome, TermKind
from app.reference.models import BuyerFunction, BuyerTerm
from app.reference.queries import find_term, get_term
from app.reference.services.saving import save


def save_function(
    actor: Actor,
    *,
    key: str,
    parent_key: str | None,
    label_fr: str,
    label_en: str,
    cpv: str,
    terms: list[str],
) -> SaveOutcome:
    """A function of the two-level list; its parent must be there already."""
    require(actor, Permission.IMPORT_RUN)
    values = {
        "parent_key": parent_key,
        "label_fr": label_fr,
        "label_en": label_en,
        "category_code": cpv,
        "terms": terms,
        "changed_at": now(),
    }
    return save(actor, BuyerFunction, {"key": key}, values)


def add_term(
    actor: Actor, *, term: str, kind: TermKind, function_key: str, reading: str, source: str
) -> BuyerTerm:
    """A word read as a function from the next search on; one that was withdrawn comes back as given."""
    require(actor, Permission.CRITERION_EDIT)
    if not search_key(term):
        raise RuleBroken(fields={"term": _("Écrivez le mot ou le sigle.")})
    if db.session.get(BuyerFunction, function_key) is None:
        raise RuleBroken(fields={"function_key": _("Choisissez la fonction que ce mot désigne.")})
    known = find_term(term)
    if known is not None and known.retired_at is None:
        raise RuleBroken(fields={"term": _("Ce mot est déjà dans le vocabulaire.")})
    row = known or BuyerTerm(term=term.strip())
    row.kind, row.function_key, row.reading, row.source = kind, function_key, reading.strip(), source.strip()
    row.retired_at, row.changed_at = None, now()
    db.session.add(row)
    flush_for_id()
    record(actor, "vocabulary.added", row, term=row.term, function=function_key)
    return row


def retire_term(actor: Actor, term_id: int) -> BuyerTerm:
    """The word is read as it is written again; adding it anew brings it back."""
    require(actor, Permission.CRITERION_EDIT)
    row = get_term(term_id)
    row.retired_at = row.changed_at = now()
    record(actor, "vocabulary.retired", row, term=row.term)
    return row
