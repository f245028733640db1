"""States of wishes and invitations, and kinds of rules on a pair."""

import enum


class RequestState(enum.StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class InvitationState(enum.StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class PairRuleKind(enum.StrEnum):
    PINNED = "pinned"
    FORBIDDEN = "forbidden"
