"""What the planner refuses or holds against a schedule, said in French."""

from collections.abc import Iterable, Mapping, Sequence

from app.core.i18n import gettext as _
from app.schedules.reports import Fault


def fault_texts(faults: Iterable[Fault], names: Mapping[str, str], hours: Sequence[str]) -> list[str]:
    """The faults in words, one that recurs said once with every hour; `hours`: when each slot starts. What
    has no wording yet is shown as it is."""
    wordings = _wordings()
    recurring: dict[tuple[str, str], list[str]] = {}
    for fault in faults:
        template = wordings.get(fault.code, fault.text.replace("%", "%%"))
        who = " – ".join(names.get(part, part) for part in fault.who)
        slot = hours[fault.slot] if fault.slot is not None and fault.slot < len(hours) else "?"
        slots = recurring.setdefault((template, who if "%(who)s" in template else ""), [])
        if slot not in slots:
            slots.append(slot)
    return [
        template % {"who": who, "slot": ", ".join(sorted(slots))}
        for (template, who), slots in recurring.items()
    ]


def _wordings() -> dict[str, str]:
    lacks_rooms = _("Pas assez de salles pour les sessions à %(slot)s.")
    lacks_tables = _("Pas assez de tables à %(slot)s.")
    session = _("La session « %(who)s » ne peut se tenir à %(slot)s avec les éditeurs inscrits.")
    return {
        "above_maximum": _("%(who)s dépasse son nombre maximal de rendez-vous."),
        "crowded_person": _(
            "%(who)s a plus de rencontres imposées et de sessions que de créneaux où les tenir."
        ),
        "crowded_rooms": _("Les sessions ont, à leurs créneaux possibles, moins de salles qu’il n’en faut."),
        "crowded_table": _("Une table a plus de rencontres imposées que de créneaux où les tenir."),
        "crowded_tables": _(
            "Les rencontres imposées ont, à leurs créneaux possibles, moins de tables qu’il n’en faut."
        ),
        "double_booked": _("%(who)s a plusieurs activités à %(slot)s."),
        "empty_side": _("Inscrivez au moins une administration et un éditeur."),
        "forbidden_pair": _("%(who)s : cette rencontre est interdite."),
        "group_collision": _("La session « %(who)s » prend quelqu’un qui est déjà pris à %(slot)s."),
        "group_host_unavailable": _("La session « %(who)s » se tient quand son hôte est indisponible."),
        "group_size": session,
        "group_vendors_unavailable": _("La session « %(who)s » : un éditeur inscrit y est indisponible."),
        "min_above_max": _("%(who)s : le minimum dépasse le maximum de rendez-vous."),
        "not_a_candidate": _("%(who)s : cette rencontre a été refusée."),
        "own_table": _("%(who)s ne se tient pas à la table fixe de l’administration."),
        "pin_collision": _("%(who)s : rencontre imposée à %(slot)s, quand l’un des deux est déjà pris."),
        "pin_forbidden": _("%(who)s : rencontre à la fois imposée et interdite."),
        "pin_missing": _("%(who)s : la rencontre imposée n’a pas lieu."),
        "pin_moved": _("%(who)s : la rencontre imposée n’est pas à sa place."),
        "pin_outside_availability": _("%(who)s : rencontre imposée quand l’un des deux est indisponible."),
        "pin_without_table": _("%(who)s : rencontre imposée à un créneau sans table."),
        "pins_above_max": _("%(who)s : plus de rencontres imposées que son maximum de rendez-vous."),
        "pins_above_tables": lacks_tables,
        "room_misused": lacks_rooms,
        "rooms_exceeded": lacks_rooms,
        "rooms_full": lacks_rooms,
        "shared_table": _("%(who)s partage sa table fixe avec une autre délégation."),
        "table_misused": lacks_tables,
        "tables_exceeded": lacks_tables,
        "unavailable": _("%(who)s est indisponible à %(slot)s."),
        "unknown_id": _("Une délégation ou une session de cette version n’existe plus."),
        "unknown_slot": _("Un créneau de cette version n’existe plus."),
    }
