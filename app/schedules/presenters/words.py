"""What the solver says, in words."""

from collections.abc import Mapping, Sequence

from app.core.i18n import gettext as _
from app.schedules.reports import Bottleneck, Change, Gain, Group, Limit, Unplaced

SHOWN = 3  # people or pairs named in a reason; more would be read by nobody


def unplaced_text(entry: Unplaced, names: Mapping[str, str]) -> str:
    """Why a wished meeting has no place, in words."""
    words = {
        "no_common_slot": _("Aucun créneau commun."),
        "forbidden": _("Rencontre interdite par l’organisateur."),
        "maximum_reached": _("Nombre maximal de rendez-vous atteint."),
        "tables_full": _("Plus de table libre à leurs créneaux communs."),
        "walk": _("Leurs salles sont trop éloignées pour deux créneaux qui se suivent."),
        "max_a_day": _("Nombre maximal de rendez-vous de la journée atteint."),
        "quota": _("Un quota n’en permet pas davantage."),
        "order": _("L’ordre demandé entre deux rencontres ne serait plus tenu."),
        "equipment": _("Le matériel nécessaire est pris à leurs créneaux communs."),
        "no_rest": _("Il ne resterait pas à l’un des deux le temps libre demandé."),
        "disliked_slots": _("Seuls des créneaux à éviter restent possibles."),
        "outscored": _("Des rencontres de plus grande valeur occupent leurs créneaux."),
        "outscored_together": _("Lui faire place coûterait plus de points qu’elle n’en apporte."),
    }
    text = words.get(entry.reason, entry.reason)
    return f"{text} ({_some(entry.by, names)})" if entry.by else text


def _some(found: Sequence[Group], names: Mapping[str, str]) -> str:
    """The first few people or pairs by name, and how many more."""
    shown = ", ".join(" – ".join(names.get(one, "?") for one in group) for group in found[:SHOWN])
    more = len(found) - SHOWN
    return _("%(shown)s et %(n)s autres", shown=shown, n=more) if more > 0 else shown


def phase_text(phase: str) -> str:
    """What the solver is doing, in words."""
    words = {
        "reading": _("Lecture des souhaits et des contraintes."),
        "flow": _("Calcul du meilleur possible."),
        "colouring": _("Répartition des rencontres entre les créneaux."),
        "repair": _("Recherche de la meilleure réparation."),
        "study": _("Mesure de ce que chaque changement apporterait."),
    }
    return words.get(phase, _("Recherche d’un meilleur planning."))


def change_text(change: Change, names: Mapping[str, str]) -> str:
    """Why a repair drops, moves or adds a meeting, in words."""
    words = {
        "withdrawn": _("Rencontre refusée ou interdite depuis la publication."),
        "no table is left": _("Plus de table libre à ce créneau."),
        "gives way to a better meeting": _("Cède sa place."),
        "takes the place of another": _("Prend la place d’une autre."),
        "its slot is lost": _("Son créneau n’est plus possible : la rencontre est reportée."),
        "makes room for more": _("Libère un créneau pour d’autres rencontres."),
        "fills a freed slot": _("Occupe un créneau libéré."),
        "makes way for what must be held": _("Fait place à une rencontre imposée ou à une session."),
        "another table": _("Sa table est perdue ou prise : même créneau, autre table."),
    }
    reason = change.reason
    absent = reason.removesuffix(" is absent")
    if absent != reason:
        return _("Absence à ce créneau : %(who)s.", who=names.get(absent, "?"))
    if reason.startswith("pinned at slot "):
        return _("L’organisateur l’impose à un autre créneau.")
    text = words.get(reason, reason)
    return f"{text} ({_some(change.by, names)})" if change.by else text


def relaxation_text(gain: Gain, names: Mapping[str, str], hours: Sequence[str]) -> str:
    """The change a study tried, in words; `hours` of each slot."""
    item = gain.item
    if gain.code == "slot":
        return _("Un créneau de plus à la fin du programme, pour tous")
    if gain.code == "table":
        return _("Une table de plus au créneau de %(hours)s", hours=_hours(hours, item))
    who, _at, slot = item.partition("@")
    return _("Présence au créneau de %(hours)s : %(who)s", who=names.get(who, "?"), hours=_hours(hours, slot))


def comfort_text(code: str) -> str:
    """What a figure of comfort counts, in words."""
    words = {
        "breaks": _("Attentes entre deux activités d’une même journée"),
        "table_moves": _("Changements de table"),
        "idle_slots": _("Créneaux passés à attendre, en tout"),
    }
    return words.get(code, code)


def bottleneck_text(entry: Bottleneck, names: Mapping[str, str], hours: Sequence[str]) -> str:
    """Who together wants more than any schedule can give, and what holds them back."""
    counts = {"wanted": entry.wanted, "room": entry.room}
    limits = [_limit(limit, names, hours) for limit in entry.limits]
    if entry.code == "commitments":
        text = _("Ces engagements ne peuvent tenir tous : %(room)s au plus sur %(wanted)s.", **counts)
    else:
        who = ", ".join(names.get(one, "?") for one in entry.people)
        text = _(
            "%(who)s : les minimums demandent %(wanted)s rendez-vous, %(room)s au plus sont possibles.",
            who=who,
            **counts,
        )
    return " ".join([text, *limits])


def _limit(limit: Limit, names: Mapping[str, str], hours: Sequence[str]) -> str:
    at_slots = limit.code == "tables"
    items = [_hours(hours, item) if at_slots else _pair(item, names) for item in limit.items]
    values = {"items": ", ".join(items), "room": limit.room}
    words = {
        "tables": _("Tables aux créneaux de %(items)s : %(room)s places.", **values),
        "presence": _("Présence de %(items)s : %(room)s créneaux.", **values),
        "wishes": _("Rencontres possibles : %(items)s.", **values),
        "maximum": _("Maximum de %(items)s : %(room)s rendez-vous.", **values),
        "pinned": _("Rencontres imposées : %(items)s.", **values),
    }
    return words.get(limit.code, _("Concerne : %(items)s.", **values))


def _pair(item: str, names: Mapping[str, str]) -> str:
    return " – ".join(names.get(part, part) for part in item.split("/"))


def _hours(hours: Sequence[str], slot: str) -> str:
    known = slot.isdigit() and int(slot) < len(hours)
    return hours[int(slot)] if known else slot
