"""Whose text a stored vector encodes."""

import enum


class PassageOf(enum.StrEnum):
    OFFER = "offer"
    NEED = "need"
