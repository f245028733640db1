"""The only place that knows who may do what. Default deny: what no row grants is refused.

*Who* may act is here; *when* (the state of the object) is a rule of the service."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from app.core.errors import Forbidden, NotFound
from app.core.i18n import gettext as _


class Role(enum.StrEnum):
    AMBASSADOR = "ambassador"
    VENDOR = "vendor"
    ORGANISER = "organiser"
    MODERATOR = "moderator"


class Scope(enum.Enum):
    """ANY: whichever object. OWN: objects of the organisation in which the actor holds the role. MANAGED:
    the same, where they are one of its managers.

    TEAM: what belongs to an event whose team the actor is in, or that an organisation holds of which they
    are a manager."""

    ANY = "any"
    OWN = "own"
    MANAGED = "managed"
    TEAM = "team"


class Permission(enum.StrEnum):
    ACCOUNT_MANAGE_OWN = "account:own:manage"
    AGENDA_READ_OWN = "schedules:own:read"
    AUDIT_READ = "audit:log:read"
    CATALOGUE_READ = "catalogue:offer:read"
    CLAIM_CONTEST = "claims:claim:contest"
    CLAIM_CREATE = "offers:claim:create"
    CLAIM_DECIDE = "moderation:claim:decide"
    EVIDENCE_READ = "claims:evidence:read"
    CRITERION_EDIT = "reference:criterion:edit"
    EVENT_CREATE = "events:event:create"
    DOCTRINE_DECIDE = "doctrine:procedure:decide"
    DOCTRINE_READ = "doctrine:procedure:read"
    EVENT_MANAGE = "events:event:manage"
    EVENT_TEAM_EDIT = "events:team:edit"
    EVENT_READ = "events:event:read"
    IMPORT_RUN = "moderation:import:run"
    MAIL_READ = "outbox:mail:read"
    MEETING_ANSWER = "meetings:meeting:answer"
    MEETING_REQUEST = "meetings:meeting:request"
    NEED_CREATE = "needs:need:create"
    NEED_EDIT = "needs:need:edit"
    NEED_MATCHING_READ = "matchmaking:need:read_matching"
    NEED_READ = "needs:need:read"
    NEED_READ_DRAFT = "needs:need:read_draft"
    NEED_WEIGH = "matchmaking:need:weigh"
    OFFER_CREATE = "offers:offer:create"
    OFFER_EDIT = "offers:offer:edit"
    ORGANISATION_EDIT = "accounts:organisation:edit"
    ORGANISATION_JOIN = "accounts:organisation:join"
    PAGE_READ = "pages:page:read"
    PEOPLE_MANAGE = "accounts:people:manage"
    PEOPLE_READ = "accounts:people:read"
    PROPOSAL_READ = "matchmaking:proposal:read"
    SESSION_ANSWER = "meetings:session:answer"
    SESSION_LEAD = "meetings:session:lead"
    SHORTLIST_EDIT = "matchmaking:shortlist:edit"
    SIGN_IN = "accounts:session:create"
    VERDICT_EXPORT = "matchmaking:verdict:export"
    SUBJECT_MODERATE = "moderation:subject:moderate"
    SUITE_READ = "matchmaking:suite:read"


class Everyone(enum.Enum):
    PUBLIC = "public"
    SIGNED_IN = "signed_in"


Grant = Everyone | tuple[Role, Scope]
_AMBASSADOR_OWN = (Role.AMBASSADOR, Scope.OWN)
_VENDOR_OWN = (Role.VENDOR, Scope.OWN)
_ORGANISER = (Role.ORGANISER, Scope.TEAM)
_MODERATOR = (Role.MODERATOR, Scope.ANY)
_MEMBERS = tuple((role, Scope.OWN) for role in (Role.AMBASSADOR, Role.VENDOR, Role.ORGANISER))
_MANAGERS = tuple((role, Scope.MANAGED) for role, _own in _MEMBERS)

GRANTS: dict[Permission, tuple[Grant, ...]] = {
    Permission.ACCOUNT_MANAGE_OWN: (Everyone.SIGNED_IN,),
    Permission.AGENDA_READ_OWN: (Everyone.SIGNED_IN,),
    Permission.AUDIT_READ: (_MODERATOR,),
    Permission.CATALOGUE_READ: (Everyone.PUBLIC,),
    Permission.CLAIM_CONTEST: (Everyone.SIGNED_IN,),
    Permission.CLAIM_CREATE: (_VENDOR_OWN,),
    Permission.CLAIM_DECIDE: (_MODERATOR,),
    Permission.EVIDENCE_READ: (_VENDOR_OWN, (Role.AMBASSADOR, Scope.ANY), _MODERATOR),
    Permission.CRITERION_EDIT: (_MODERATOR,),
    Permission.EVENT_CREATE: ((Role.ORGANISER, Scope.OWN),),
    Permission.DOCTRINE_DECIDE: (_AMBASSADOR_OWN,),
    Permission.DOCTRINE_READ: (_AMBASSADOR_OWN, _MODERATOR),
    Permission.EVENT_MANAGE: (_ORGANISER,),
    Permission.EVENT_TEAM_EDIT: ((Role.ORGANISER, Scope.MANAGED),),
    Permission.EVENT_READ: (Everyone.PUBLIC,),
    Permission.IMPORT_RUN: (_MODERATOR,),
    Permission.MAIL_READ: (_MODERATOR,),
    Permission.MEETING_ANSWER: (_AMBASSADOR_OWN, _VENDOR_OWN, _ORGANISER),
    Permission.MEETING_REQUEST: (_AMBASSADOR_OWN, _VENDOR_OWN, _ORGANISER),
    Permission.NEED_CREATE: (_AMBASSADOR_OWN,),
    Permission.NEED_EDIT: (_AMBASSADOR_OWN,),
    Permission.NEED_MATCHING_READ: (_VENDOR_OWN,),
    Permission.NEED_READ: (Everyone.PUBLIC,),
    Permission.NEED_READ_DRAFT: (_AMBASSADOR_OWN, _MODERATOR),
    Permission.NEED_WEIGH: (_AMBASSADOR_OWN,),
    Permission.OFFER_CREATE: (_VENDOR_OWN,),
    Permission.OFFER_EDIT: (_VENDOR_OWN,),
    Permission.ORGANISATION_EDIT: (_VENDOR_OWN, _AMBASSADOR_OWN),
    Permission.ORGANISATION_JOIN: (Everyone.SIGNED_IN,),
    Permission.PAGE_READ: (Everyone.PUBLIC,),
    Permission.PEOPLE_MANAGE: (*_MANAGERS, _MODERATOR),
    Permission.PEOPLE_READ: (*_MEMBERS, _MODERATOR),
    Permission.PROPOSAL_READ: (_AMBASSADOR_OWN, _MODERATOR),
    Permission.SESSION_ANSWER: (_VENDOR_OWN,),
    Permission.SESSION_LEAD: (_AMBASSADOR_OWN, _ORGANISER),
    Permission.SHORTLIST_EDIT: (_AMBASSADOR_OWN,),
    Permission.SIGN_IN: (Everyone.PUBLIC,),
    Permission.VERDICT_EXPORT: (_MODERATOR,),
    Permission.SUBJECT_MODERATE: (_MODERATOR,),
    Permission.SUITE_READ: (_AMBASSADOR_OWN,),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `user_id` is None for a visitor; `roles` maps a role to the organisations it is held in,
    `manages` are those whose people the actor admits. `is_confirmed`: their address answers."""

    user_id: int | None = None
    roles: dict[Role, frozenset[int]] = field(default_factory=dict)
    manages: frozenset[int] = frozenset()
    is_confirmed: bool = True
    is_system: bool = False

    def organisations(self, *roles: Role) -> frozenset[int]:
        """Identifiers of the organisations in which the actor holds one of `roles` (any role when empty)."""
        wanted: Iterable[Role] = roles or self.roles
        return frozenset().union(*(self.roles.get(role, frozenset()) for role in wanted))

    def managed(self, role: Role) -> frozenset[int]:
        """Identifiers of the organisations in which the actor holds `role` and is a manager."""
        return self.organisations(role) & self.manages


VISITOR = Actor()
SYSTEM = Actor(is_system=True)


class Owned(Protocol):
    """An object that belongs to an organisation; None when it belongs to nobody (free software)."""

    @property
    def owner_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class OwnedBy:
    """Stands for the object where only its organisation is at hand."""

    owner_id: int | None


@dataclass(frozen=True, slots=True)
class Team:
    """Who runs an event: these people, and the managers among the organisers of this organisation."""

    organisation_id: int
    user_ids: frozenset[int]

    def includes(self, actor: Actor, role: Role) -> bool:
        return actor.user_id in self.user_ids or self.organisation_id in actor.managed(role)


class _Nowhere(enum.Enum):
    """Tells "no object given" from an object; only a grant that holds everywhere then answers."""

    NO_OBJECT = "no object"


Target = Owned | Literal[_Nowhere.NO_OBJECT]
_NO_OBJECT: Final = _Nowhere.NO_OBJECT


def needs_object(permission: Permission) -> bool:
    """Whether a grant of this permission depends on the object."""
    return any(isinstance(grant, tuple) and grant[1] is not Scope.ANY for grant in GRANTS.get(permission, ()))


def can(actor: Actor, permission: Permission, *, on: Target = _NO_OBJECT) -> bool:
    """True when a grant covers the actor on this object.

    Raises TypeError when a grant depends on the object and none is given: "for at least one object" is
    another question, `may_somewhere`."""
    if on is _NO_OBJECT and needs_object(permission):
        raise TypeError(f"{permission.value} depends on the object: give on=..., or ask may_somewhere")
    if actor.is_system:
        return True
    return any(_covers(grant, actor, on) for grant in GRANTS.get(permission, ()))


def may_somewhere(actor: Actor, permission: Permission) -> bool:
    """Whether there could be an object on which the actor holds the permission: for menus and for the gate of
    a route, never for a decision about an object."""
    return actor.is_system or any(
        _of_everyone(grant, actor) if isinstance(grant, Everyone) else grant[0] in actor.roles
        for grant in GRANTS.get(permission, ())
    )


def _of_everyone(grant: Everyone, actor: Actor) -> bool:
    return grant is Everyone.PUBLIC or actor.user_id is not None


def _covers(grant: Grant, actor: Actor, on: Target) -> bool:
    if isinstance(grant, Everyone):
        return _of_everyone(grant, actor)
    role, scope = grant
    if scope is Scope.ANY:
        return role in actor.roles
    if on is _NO_OBJECT or role not in actor.roles:
        return False
    if scope is Scope.OWN:
        return on.owner_id in actor.roles[role]
    if scope is Scope.MANAGED:
        return on.owner_id in actor.managed(role)
    team: Team | None = getattr(on, "run_by", None)  # what no event holds has no team
    return team is not None and team.includes(actor, role)


def require(actor: Actor, permission: Permission, *, on: Target = _NO_OBJECT) -> None:
    """Raise Forbidden unless `can`."""
    if not can(actor, permission, on=on):
        raise Forbidden(_("Votre compte ne permet pas cette action."))


def require_visible(actor: Actor, permission: Permission, *, on: Target = _NO_OBJECT) -> None:
    """Raise NotFound unless `can`: a hidden object must not betray that it exists."""
    if not can(actor, permission, on=on):
        raise NotFound
