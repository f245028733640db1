"""The only place that knows who may do what. Default deny: what no row grants is refused.

*Who* may act is here; *when* (the state of the object) is a rule of the service."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.core.errors import Forbidden, NotFound
from app.core.i18n import gettext as _


class Role(enum.StrEnum):
    AMBASSADOR = "ambassador"
    VENDOR = "vendor"
    ORGANISER = "organiser"
    MODERATOR = "moderator"


class Scope(enum.Enum):
    """ANY: whichever object. OWN: objects of the organisation in which the actor holds the role."""

    ANY = "any"
    OWN = "own"


class Permission(enum.StrEnum):
    ACCOUNT_MANAGE_OWN = "account:own:manage"
    AGENDA_READ_OWN = "schedules:own:read"
    AUDIT_READ = "audit:log:read"
    CATALOGUE_READ = "catalogue:offer:read"
    CLAIM_CREATE = "offers:claim:create"
    CLAIM_DECIDE = "moderation:claim:decide"
    CRITERION_EDIT = "reference:criterion:edit"
    EVENT_MANAGE = "events:event:manage"
    EVENT_READ = "events:event:read"
    IMPORT_RUN = "moderation:import:run"
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
    PAGE_READ = "pages:page:read"
    PROPOSAL_READ = "matchmaking:proposal:read"
    SESSION_ANSWER = "meetings:session:answer"
    SESSION_LEAD = "meetings:session:lead"
    SHORTLIST_EDIT = "matchmaking:shortlist:edit"
    SIGN_IN = "accounts:session:create"
    VERDICT_EXPORT = "matchmaking:verdict:export"
    SUITE_READ = "matchmaking:suite:read"


class Everyone(enum.Enum):
    PUBLIC = "public"
    SIGNED_IN = "signed_in"


Grant = Everyone | tuple[Role, Scope]
_AMBASSADOR_OWN = (Role.AMBASSADOR, Scope.OWN)
_VENDOR_OWN = (Role.VENDOR, Scope.OWN)
_ORGANISER = (Role.ORGANISER, Scope.ANY)
_MODERATOR = (Role.MODERATOR, Scope.ANY)

GRANTS: dict[Permission, tuple[Grant, ...]] = {
    Permission.ACCOUNT_MANAGE_OWN: (Everyone.SIGNED_IN,),
    Permission.AGENDA_READ_OWN: (Everyone.SIGNED_IN,),
    Permission.AUDIT_READ: (_MODERATOR,),
    Permission.CATALOGUE_READ: (Everyone.PUBLIC,),
    Permission.CLAIM_CREATE: (_VENDOR_OWN,),
    Permission.CLAIM_DECIDE: (_MODERATOR,),
    Permission.CRITERION_EDIT: (_MODERATOR,),
    Permission.EVENT_MANAGE: (_ORGANISER,),
    Permission.EVENT_READ: (Everyone.PUBLIC,),
    Permission.IMPORT_RUN: (_MODERATOR,),
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
    Permission.PAGE_READ: (Everyone.PUBLIC,),
    Permission.PROPOSAL_READ: (_AMBASSADOR_OWN, _MODERATOR),
    Permission.SESSION_ANSWER: (_VENDOR_OWN,),
    Permission.SESSION_LEAD: (_AMBASSADOR_OWN, _ORGANISER),
    Permission.SHORTLIST_EDIT: (_AMBASSADOR_OWN,),
    Permission.SIGN_IN: (Everyone.PUBLIC,),
    Permission.VERDICT_EXPORT: (_MODERATOR,),
    Permission.SUITE_READ: (_AMBASSADOR_OWN,),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `user_id` is None for a visitor; `roles` maps a role to the organisations it is held in."""

    user_id: int | None = None
    roles: dict[Role, frozenset[int]] = field(default_factory=dict)
    is_system: bool = False

    def organisations(self, *roles: Role) -> frozenset[int]:
        """Identifiers of the organisations in which the actor holds one of `roles` (any role when empty)."""
        wanted: Iterable[Role] = roles or self.roles
        return frozenset().union(*(self.roles.get(role, frozenset()) for role in wanted))


VISITOR = Actor()
SYSTEM = Actor(is_system=True)


def can(actor: Actor, permission: Permission, *, organisation_id: int | None = None) -> bool:
    """True when a grant covers the actor; an OWN grant needs `organisation_id` to be one of theirs.

    Without `organisation_id` an OWN grant answers "for at least one organisation"."""
    if actor.is_system:
        return True
    for grant in GRANTS.get(permission, ()):
        if isinstance(grant, Everyone):
            if grant is Everyone.PUBLIC or actor.user_id is not None:
                return True
            continue
        role, scope = grant
        if role in actor.roles and (
            scope is Scope.ANY or organisation_id is None or organisation_id in actor.roles[role]
        ):
            return True
    return False


def require(actor: Actor, permission: Permission, *, organisation_id: int | None = None) -> None:
    """Raise Forbidden unless `can`."""
    if not can(actor, permission, organisation_id=organisation_id):
        raise Forbidden(_("Votre compte ne permet pas cette action."))


def require_visible(actor: Actor, permission: Permission, *, organisation_id: int | None = None) -> None:
    """Raise NotFound unless `can`: a hidden object must not betray that it exists."""
    if not can(actor, permission, organisation_id=organisation_id):
        raise NotFound
