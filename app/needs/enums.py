"""States of a need and strength of a requirement."""

import enum


class NeedStatus(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


class RequiredLevel(enum.StrEnum):
    """Whether a vendor's declaration suffices, or only a verified claim."""

    DECLARED = "declared"
    VERIFIED = "verified"
