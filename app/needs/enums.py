"""States of a need and strength of a requirement."""

import enum

from app.core.i18n import lazy_gettext as _l


class NeedStatus(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


class RequiredLevel(enum.StrEnum):
    """Whether a vendor's declaration suffices, or only a verified claim."""

    DECLARED = "declared"
    VERIFIED = "verified"

    @property
    def label(self) -> str:
        return str(_LEVELS[self])


_LEVELS = {
    RequiredLevel.DECLARED: _l("la déclaration du fournisseur suffit"),
    RequiredLevel.VERIFIED: _l("vérifié exigé"),
}
