"""Writing needs: create, edit, publish, close, reopen."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm.exc import StaleDataError

from app.accounts.enums import OrganisationKind
from app.accounts.models import Organisation
from app.audit.services import record
from app.core.clock import now, today
from app.core.db import db, flush_for_id
from app.core.errors import Conflict, InvalidTransition, RuleBroken
from app.core.i18n import gettext as _
from app.core.slugs import unique_slug
from app.needs.enums import NeedStatus, RequiredLevel
from app.needs.models import Need, NeedRequirement
from app.needs.signals import need_published
from app.permissions import Actor, Permission, require
from app.reference.models import Category, Criterion

MINIMUM_DESCRIPTION = 40


def create_need(
    actor: Actor,
    *,
    organisation: Organisation,
    title: str,
    description: str,
    categories: Sequence[str] = (),
    requirements: Mapping[str, RequiredLevel] | None = None,
    language: str = "fr",
    users_count: int | None = None,
    deadline_on: date | None = None,
    budget_range: str = "",
    sensitive_data: bool = False,
    import_key: str | None = None,
) -> Need:
    """A draft need of an administration. `categories` are CPV codes, `requirements` maps criterion keys."""
    require(actor, Permission.NEED_CREATE, on=organisation)
    if organisation.kind is not OrganisationKind.ADMINISTRATION:
        raise RuleBroken(fields={"organisation": _("Seule une administration peut exprimer un besoin.")})
    need = Need(
        slug=unique_slug(Need.slug, title),
        organisation=organisation,
        author_id=actor.user_id,
        import_key=import_key,
    )
    _fill(
        need,
        title=title,
        description=description,
        categories=categories,
        requirements=requirements or {},
        language=language,
        users_count=users_count,
        deadline_on=deadline_on,
        budget_range=budget_range,
        sensitive_data=sensitive_data,
    )
    db.session.add(need)
    flush_for_id()
    record(actor, "need.created", need, title=title)
    return need


def edit_need(
    actor: Actor,
    need: Need,
    *,
    expected_version: int,
    title: str,
    description: str,
    categories: Sequence[str] = (),
    requirements: Mapping[str, RequiredLevel] | None = None,
    language: str = "fr",
    users_count: int | None = None,
    deadline_on: date | None = None,
    budget_range: str = "",
    sensitive_data: bool = False,
) -> None:
    """Change a need. Raises Conflict when somebody else saved after `expected_version` was read."""
    require(actor, Permission.NEED_EDIT, on=need)
    if need.status is NeedStatus.CLOSED:
        raise InvalidTransition(_("Ce besoin est clos : rouvrez-le avant de le modifier."))
    if need.version != expected_version:
        raise Conflict(_conflict_message())
    _fill(
        need,
        title=title,
        description=description,
        categories=categories,
        requirements=requirements or {},
        language=language,
        users_count=users_count,
        deadline_on=deadline_on,
        budget_range=budget_range,
        sensitive_data=sensitive_data,
    )
    need.updated_at = now()
    _save(need)
    record(actor, "need.edited", need, version=need.version)
    if need.status is NeedStatus.PUBLISHED:
        _check_publishable(need)
        need_published.send(need.id)


def publish_need(actor: Actor, need: Need) -> None:
    """Make a draft (or a closed need) public and searchable by vendors."""
    require(actor, Permission.NEED_EDIT, on=need)
    if need.status is NeedStatus.PUBLISHED:
        raise InvalidTransition(_("Ce besoin est déjà publié."))
    _check_publishable(need)
    need.status, need.published_at = NeedStatus.PUBLISHED, now()
    _save(need)
    record(actor, "need.published", need)
    need_published.send(need.id)


def close_need(actor: Actor, need: Need) -> None:
    require(actor, Permission.NEED_EDIT, on=need)
    if need.status is not NeedStatus.PUBLISHED:
        raise InvalidTransition(_("Seul un besoin publié peut être clos."))
    need.status = NeedStatus.CLOSED
    _save(need)
    record(actor, "need.closed", need)


def delete_draft(actor: Actor, need: Need) -> None:
    require(actor, Permission.NEED_EDIT, on=need)
    if need.status is not NeedStatus.DRAFT:
        raise InvalidTransition(_("Seul un brouillon peut être supprimé ; un besoin publié se clôt."))
    record(actor, "need.deleted", need, title=need.title, description=need.description)
    db.session.delete(need)


def _fill(
    need: Need,
    *,
    title: str,
    description: str,
    categories: Sequence[str],
    requirements: Mapping[str, RequiredLevel],
    **values: object,
) -> None:
    if not title.strip():
        raise RuleBroken(fields={"title": _("Donnez un titre à votre besoin.")})
    need.title, need.description = title.strip(), description.strip()
    for name, value in values.items():
        setattr(need, name, value)
    need.categories = [_known_category(code) for code in dict.fromkeys(categories)]
    kept = {requirement.criterion_key: requirement for requirement in need.requirements}
    need.requirements = [
        _at_level(kept.get(key) or NeedRequirement(criterion=_known_criterion(key)), level)
        for key, level in requirements.items()
    ]


def _at_level(requirement: NeedRequirement, level: RequiredLevel) -> NeedRequirement:
    requirement.level = level
    return requirement


def _known_category(code: str) -> Category:
    category = db.session.get(Category, code)
    if category is None:
        raise RuleBroken(fields={"categories": _("Catégorie inconnue : %(code)s.", code=code)})
    return category


def _known_criterion(key: str) -> Criterion:
    criterion = db.session.get(Criterion, key)
    if criterion is None:
        raise RuleBroken(fields={"requirements": _("Critère inconnu : %(key)s.", key=key)})
    if criterion.retired_at is not None:
        message = _("Le critère « %(name)s » est retiré : ne l’exigez plus.", name=criterion.label)
        raise RuleBroken(fields={"requirements": message})
    return criterion


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


def _save(need: Need) -> None:
    try:
        db.session.flush()  # the version column speaks now, while we can still word it
    except StaleDataError as error:
        raise Conflict(_conflict_message()) from error


def _conflict_message() -> str:
    return _("Ce besoin a été modifié entre-temps par une autre personne.")
