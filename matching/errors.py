"""Everything `matching` refuses, by name."""

from __future__ import annotations


class MatchingError(Exception):
    """Base of every refusal of this library."""


class UnknownCriterion(MatchingError):
    """A requirement, fact or hierarchy names a criterion that the matcher was not given."""

    def __init__(self, key: str) -> None:
        super().__init__(f"unknown criterion: {key!r}")
        self.key = key


class EncoderUnavailable(MatchingError):
    """The model cannot be loaded here."""


class InvalidVector(MatchingError):
    """A vector holds a NaN or an infinity, has no length, or has the wrong shape."""


class DimensionMismatch(MatchingError):
    """A vector's dimension is not the encoder's: another model made it."""

    def __init__(self, expected: int, received: int) -> None:
        super().__init__(f"expected vectors of dimension {expected}, received {received}")
        self.expected = expected
        self.received = received


class EmptyText(MatchingError):
    """A need holds no letter, digit or symbol to search with."""


class UnknownOffer(MatchingError):
    """No offer of that number is in the matcher."""

    def __init__(self, offer_id: int) -> None:
        super().__init__(f"unknown offer: {offer_id}")
        self.offer_id = offer_id


class IndexUnavailable(MatchingError):
    """The store behind an index cannot answer."""
