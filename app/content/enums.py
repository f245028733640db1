"""What a publication changes, as its author says."""

import enum

from app.core.i18n import lazy_gettext as _l


class Nature(enum.StrEnum):
    """A substantive change asks that what was verified be confirmed; a correction does not."""

    SUBSTANTIVE = "substantive"
    CORRECTION = "correction"

    @property
    def label(self) -> str:
        return str(_NATURES[self])


_NATURES = {
    Nature.SUBSTANTIVE: _l("Changement de fond"),
    Nature.CORRECTION: _l("Correction"),
}
