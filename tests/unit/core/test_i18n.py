"""Words that depend on a number or a place, in French."""

from app.core.i18n import ngettext
from app.web.templating import city


def test_french_counts_zero_as_one() -> None:
    counts = [ngettext("%(num)s offre", "%(num)s offres", count) for count in (0, 1, 2)]
    assert counts == ["0 offre", "1 offre", "2 offres"]


def test_time_zones_are_named_after_their_city() -> None:
    assert [city("Europe/Paris"), city("Indian/Reunion")] == ["Paris", "La Réunion"]
