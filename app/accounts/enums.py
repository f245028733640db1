"""Kinds and sizes of organisations."""

import enum

from app.core.i18n import lazy_gettext as _l


class OrganisationKind(enum.StrEnum):
    ADMINISTRATION = "administration"
    VENDOR = "vendor"


class AdministrationKind(enum.StrEnum):
    MINISTRY = "ministry"
    OPERATOR = "operator"
    LOCAL = "local"
    HEALTH = "health"

    @property
    def label(self) -> str:
        return str(ADMINISTRATION_KIND_LABELS[self])


class VendorKind(enum.StrEnum):
    PUBLISHER = "publisher"
    INTEGRATOR = "integrator"
    RESELLER = "reseller"

    @property
    def label(self) -> str:
        return str(VENDOR_KIND_LABELS[self])


class VendorSize(enum.StrEnum):
    MICRO = "micro"
    SME = "sme"
    MID = "mid"
    LARGE = "large"

    @property
    def label(self) -> str:
        return str(VENDOR_SIZE_LABELS[self])


ADMINISTRATION_KIND_LABELS = {
    AdministrationKind.MINISTRY: _l("Ministère"),
    AdministrationKind.OPERATOR: _l("Opérateur de l’État"),
    AdministrationKind.LOCAL: _l("Collectivité territoriale"),
    AdministrationKind.HEALTH: _l("Établissement de santé"),
}
VENDOR_KIND_LABELS = {
    VendorKind.PUBLISHER: _l("Éditeur"),
    VendorKind.INTEGRATOR: _l("Intégrateur"),
    VendorKind.RESELLER: _l("Revendeur"),
}
VENDOR_SIZE_LABELS = {
    VendorSize.MICRO: _l("Microentreprise (moins de 10 salariés)"),
    VendorSize.SME: _l("PME (moins de 250 salariés)"),
    VendorSize.MID: _l("Entreprise de taille intermédiaire"),
    VendorSize.LARGE: _l("Grande entreprise"),
}


class LinkPurpose(enum.StrEnum):
    """What a secret link sent by mail allows, once."""

    NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a purpose
    CHANGE_ADDRESS = "change_address"
