"""Kinds and sizes of organisations."""

import enum


class OrganisationKind(enum.StrEnum):
    ADMINISTRATION = "administration"
    VENDOR = "vendor"


class AdministrationKind(enum.StrEnum):
    MINISTRY = "ministry"
    OPERATOR = "operator"
    LOCAL = "local"
    HEALTH = "health"


class VendorKind(enum.StrEnum):
    PUBLISHER = "publisher"
    INTEGRATOR = "integrator"
    RESELLER = "reseller"


class VendorSize(enum.StrEnum):
    MICRO = "micro"
    SME = "sme"
    MID = "mid"
    LARGE = "large"
