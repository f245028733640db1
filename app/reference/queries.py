"""Reading the reference data: categories, criteria, objectives, registries, rules of law."""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa

from app.core.db import db
from app.core.errors import NotFound
from app.core.folded import matching_words
from app.core.i18n import LANGUAGES
from app.core.text import search_key
from app.reference.models import (
    Attribute,
    BuyerFunction,
    BuyerTerm,
    Category,
    Criterion,
    LegalParameter,
    Objective,
    QualifiedService,
)

SELECTABLE_LEVELS = 4  # division, group, class: finer codes exist, but nobody chooses among a thousand lines
_INDENT = "\N{EM SPACE}"


def criteria() -> Sequence[Criterion]:
    """Every hard criterion, retired ones included, in the order of the forms."""
    return db.session.scalars(sa.select(Criterion).order_by(Criterion.position, Criterion.key)).all()


def active_criteria(*, keep: Iterable[str] = ()) -> list[Criterion]:
    """Those one may still choose, and those of `keep`, which were chosen before they were retired."""
    kept = set(keep)
    return [row for row in criteria() if row.retired_at is None or row.key in kept]


def attributes() -> Sequence[Attribute]:
    """Everything that may be claimed, in the order of the keys."""
    return db.session.scalars(sa.select(Attribute).order_by(Attribute.key)).all()


def claimable_attributes() -> list[Attribute]:
    """Those a criterion in force asks about, in the order of the forms."""
    return list(dict.fromkeys(criterion.attribute for criterion in active_criteria()))


def get_criterion(key: str) -> Criterion:
    criterion = db.session.get(Criterion, key)
    if criterion is None:
        raise NotFound
    return criterion


def objectives() -> Sequence[Objective]:
    """The nine objectives of the circular, in its order."""
    return db.session.scalars(sa.select(Objective).order_by(Objective.position, Objective.key)).all()


def categories(*, max_level: int | None = None) -> Sequence[Category]:
    """Codes in their order, which is also that of the tree: a parent comes before its children."""
    query = sa.select(Category).order_by(Category.code)
    return db.session.scalars(query if max_level is None else query.where(Category.level <= max_level)).all()


def categories_by_code(codes: Iterable[str]) -> dict[str, Category]:
    """The known ones among `codes`."""
    query = sa.select(Category).where(Category.code.in_(list(codes))).order_by(Category.code)
    return {category.code: category for category in db.session.scalars(query)}


def category_labels(codes: Iterable[str]) -> dict[str, str]:
    """Code -> label (code), for the known ones."""
    return {code: f"{row.label} ({code})" for code, row in categories_by_code(codes).items()}


def criterion_labels(keys: Iterable[str]) -> dict[str, str]:
    """Key -> label, for the known ones."""
    asked = set(keys)
    return {row.key: row.label for row in criteria() if row.key in asked}


def language_labels(codes: Iterable[str]) -> dict[str, str]:
    """Code -> name of a language of the portal."""
    return {code: LANGUAGES.get(code, code) for code in codes}


def divisions() -> Sequence[Category]:
    """The first level of the tree, for facets."""
    return db.session.scalars(
        sa.select(Category).where(Category.parent_code.is_(None)).order_by(Category.code)
    ).all()


def category_choices() -> list[tuple[str, str]]:
    """(code, label) of the codes people choose among, in the reader's language, indented by level."""
    rows = categories(max_level=SELECTABLE_LEVELS)
    return [(row.code, f"{_INDENT * max(row.level - 2, 0)}{row.label} ({row.code})") for row in rows]


def legal_parameters_on(day: date, *, key: str = "") -> Sequence[LegalParameter]:
    """Rules in force on `day`, by key; several may hold at once under different texts."""
    query = (
        sa.select(LegalParameter)
        .where(
            sa.or_(LegalParameter.valid_from.is_(None), LegalParameter.valid_from <= day),
            sa.or_(LegalParameter.valid_to.is_(None), LegalParameter.valid_to >= day),
        )
        .order_by(LegalParameter.key, LegalParameter.valid_from.desc(), LegalParameter.id)
    )
    return db.session.scalars(query.where(LegalParameter.key == key) if key else query).all()


def legal_parameters() -> Sequence[LegalParameter]:
    """Every version of every rule, the latest first within a key."""
    query = sa.select(LegalParameter).order_by(
        LegalParameter.key, LegalParameter.valid_from.desc(), LegalParameter.id
    )
    return db.session.scalars(query).all()


def qualified_services(*, on: date | None = None, text: str = "") -> Sequence[QualifiedService]:
    """Rows of the SecNumCloud registry, by provider; `on` keeps those qualified that day."""
    query = sa.select(QualifiedService).order_by(
        QualifiedService.provider_key, QualifiedService.service_name, QualifiedService.scope
    )
    if on is not None:
        query = query.where(
            QualifiedService.status == "qualified",
            sa.or_(QualifiedService.qualified_since.is_(None), QualifiedService.qualified_since <= on),
            sa.or_(QualifiedService.valid_until.is_(None), QualifiedService.valid_until >= on),
        )
    query = query.where(*matching_words(QualifiedService.search_text, text))
    return db.session.scalars(query).all()


def buyer_functions() -> Sequence[BuyerFunction]:
    """Every function, by key."""
    return db.session.scalars(sa.select(BuyerFunction).order_by(BuyerFunction.key)).all()


def buyer_terms() -> Sequence[BuyerTerm]:
    """The words in use, in the order of their folded writing."""
    words = sa.select(BuyerTerm).where(BuyerTerm.retired_at.is_(None))
    return db.session.scalars(words.order_by(BuyerTerm.term_key, BuyerTerm.id)).all()


def find_term(term: str) -> BuyerTerm | None:
    """The word written so, whatever its accents and capitals, withdrawn or not."""
    return db.session.scalars(sa.select(BuyerTerm).where(BuyerTerm.term_key == search_key(term))).first()


def get_term(term_id: int) -> BuyerTerm:
    row = db.session.get(BuyerTerm, term_id)
    if row is None or row.retired_at is not None:
        raise NotFound
    return row


def vocabulary_revision() -> tuple[object, ...]:
    """What moves whenever a function or a word does; one query."""
    functions = (sa.func.count(BuyerFunction.key), sa.func.max(BuyerFunction.changed_at))
    ids, retired = sa.func.count(BuyerTerm.id), sa.func.count(BuyerTerm.retired_at)
    words = (ids, retired, sa.func.max(BuyerTerm.changed_at))
    both = (sa.select(figure).scalar_subquery() for figure in (*functions, *words))
    return tuple(db.session.execute(sa.select(*both)).one())
