"""What is said on the next page follows the commit: a request that ends in an error says nothing."""

from flask import g, session

_KEPT_BY_FLASK = "_flashes"


def remember_flashes() -> None:
    """At the start of a request: what waited to be said."""
    g.flashes = list(session[_KEPT_BY_FLASK]) if _KEPT_BY_FLASK in session else None


def forget_new_flashes() -> None:
    """Say only what waited before this request."""
    before = g.get("flashes")
    if before is not None:
        session[_KEPT_BY_FLASK] = before
    elif _KEPT_BY_FLASK in session:
        session.pop(_KEPT_BY_FLASK)
