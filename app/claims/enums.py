"""States of a claim, as stored and as shown on a day."""

import enum

from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext as _l


class ClaimStatus(enum.StrEnum):
    """What is stored. That a claim has expired follows from its dates: see `Claim.status_on`.

    `NOT_ESTABLISHED`: its evidence does not suffice, so that it is worth a declaration, never a "no".
    `CONTRADICTED`: evidence of the contrary; `Claim.found` says what it establishes. `TO_CONFIRM`: it was
    verified, and what it speaks of has changed since."""

    DECLARED = "declared"
    VERIFIED = "verified"
    NOT_ESTABLISHED = "not_established"
    CONTRADICTED = "contradicted"
    TO_CONFIRM = "to_confirm"
    WITHDRAWN = "withdrawn"


class ClaimOrigin(enum.StrEnum):
    """Who says it: a person, or a field of the offer or of the company's record, with which it changes."""

    STATED = "stated"
    LICENCE = "licence"
    LEAD_TIME = "lead_time"
    RECORD = "record"


class Visibility(enum.StrEnum):
    """Who may open a piece of evidence. `RESTRICTED`: buyers and moderators, beside the vendor's people."""

    PUBLIC = "public"
    RESTRICTED = "restricted"

    @property
    def label(self) -> str:
        return str(_VISIBILITIES[self])


class ContestStatus(enum.StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"

    @property
    def label(self) -> str:
        return str(_CONTESTS[self])


class MediaType(enum.StrEnum):
    """What a piece of evidence may be, by its content, whatever its name says."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"

    @property
    def label(self) -> str:
        return "PDF" if self is MediaType.PDF else str(_("image %(kind)s", kind=self.name))

    @property
    def extensions(self) -> tuple[str, ...]:
        """Ends of names that go with it, the usual one first."""
        return (".jpg", ".jpeg") if self is MediaType.JPEG else (f".{self.name.lower()}",)


class ShownStatus(enum.StrEnum):
    DECLARED = "declared"
    VERIFIED = "verified"
    NOT_ESTABLISHED = "not_established"
    CONTRADICTED = "contradicted"
    TO_CONFIRM = "to_confirm"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        return str(_LABELS[self])


STANDING = frozenset(
    {ClaimStatus.DECLARED, ClaimStatus.VERIFIED, ClaimStatus.NOT_ESTABLISHED, ClaimStatus.TO_CONFIRM}
)
"""States in which what a claim says counts, within its dates."""


class Verdict(enum.StrEnum):
    """What a moderator may conclude from the evidence."""

    VERIFIED = "verified"
    NOT_ESTABLISHED = "not_established"
    CONTRADICTED = "contradicted"


_VISIBILITIES = {
    Visibility.PUBLIC: _l("Tout le monde"),
    Visibility.RESTRICTED: _l("La modération et les acheteurs"),
}
_CONTESTS = {
    ContestStatus.OPEN: _l("Contestée, en examen"),
    ContestStatus.UPHELD: _l("Contestation retenue"),
    ContestStatus.DISMISSED: _l("Contestation écartée"),
}
_LABELS = {
    ShownStatus.DECLARED: _l("Déclarée"),
    ShownStatus.VERIFIED: _l("Vérifiée"),
    ShownStatus.NOT_ESTABLISHED: _l("Non établie"),
    ShownStatus.CONTRADICTED: _l("Contredite"),
    ShownStatus.TO_CONFIRM: _l("À confirmer"),
    ShownStatus.WITHDRAWN: _l("Retirée"),
    ShownStatus.EXPIRED: _l("Expirée"),
}
