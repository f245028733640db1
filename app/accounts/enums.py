"""Kinds and sizes of organisations."""

import enum

from app.core.i18n import lazy_gettext as _l
from app.permissions import Role


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


SMALL_SIZES = frozenset({VendorSize.MICRO, VendorSize.SME})
"""Sizes of an SME in the European sense."""


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


class Standing(enum.StrEnum):
    """What a moderator has said of an organisation, an offer or a need. HELD: hidden with its
    organisation."""

    ACTIVE = "active"
    WAITING = "waiting"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    DELISTED = "delisted"
    HELD = "held"

    @property
    def label(self) -> str:
        return str(STANDING_LABELS[self])


STANDING_LABELS = {
    Standing.ACTIVE: _l("En règle"),
    Standing.WAITING: _l("Attend la modération"),
    Standing.RETURNED: _l("À corriger"),
    Standing.SUSPENDED: _l("Suspendu"),
    Standing.DELISTED: _l("Retiré par la modération"),
    Standing.HELD: _l("Masqué avec son organisation"),
}


class LinkPurpose(enum.StrEnum):
    """What a secret link sent by mail allows, once."""

    NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a purpose
    CONFIRM_ADDRESS = "confirm_address"
    CHANGE_ADDRESS = "change_address"


class AskState(enum.StrEnum):
    """Where something asked of a person stands: to join an organisation, to change its name."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


ROLE_LABELS = {
    Role.AMBASSADOR: _l("Ambassadeur"),
    Role.VENDOR: _l("Fournisseur"),
    Role.ORGANISER: _l("Organisateur"),
    Role.MODERATOR: _l("Modérateur"),
}
# What the managers of an organisation may give; nobody becomes a moderator from there.
ROLES_OF_KIND = {
    OrganisationKind.ADMINISTRATION: (Role.AMBASSADOR, Role.ORGANISER),
    OrganisationKind.VENDOR: (Role.VENDOR,),
}
