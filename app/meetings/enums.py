"""States of wishes and invitations, and kinds of rules on a pair."""

import enum


class RequestState(enum.StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    """By the side that was asked: it alone may change its mind."""
    WITHDRAWN = "withdrawn"
    """By the side that had asked, or that was given the meeting unasked: it alone may ask (again)."""


class InvitationState(enum.StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class PairRuleKind(enum.StrEnum):
    PINNED = "pinned"
    FORBIDDEN = "forbidden"
