"""What is said of the parts the portal depends on: to those concerned, and to whoever asks."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.pages.enums import Audience, Level, Part
from app.pages.services.health import Finding, Health


@dataclass(frozen=True, slots=True)
class Notice:
    """A trouble: what does not work, what still does."""

    lost: str
    kept: str


@dataclass(frozen=True, slots=True)
class HealthLine:
    """One part on the page of health: `badge` is (words, kind)."""

    name: str
    badge: tuple[str, str]
    said: str


def notices(health: Health, audiences: Collection[Audience]) -> list[Notice]:
    """The troubles that concern these readers, the worst first."""
    found = [
        (finding, notice)
        for finding in health.findings
        if finding.level is not Level.OK and (notice := _notice(finding, audiences)) is not None
    ]
    found.sort(key=lambda pair: pair[0].level is not Level.DOWN)
    return [notice for _finding, notice in found]


def health_lines(health: Health) -> list[HealthLine]:
    names, levels = _names(), _levels()
    return [HealthLine(names[found.part], levels[found.level], _figures(found)) for found in health.findings]


def as_data(health: Health) -> dict[str, Any]:
    """For programs that watch the portal."""
    parts = {found.part.value: {"level": found.level.value, **found.facts} for found in health.findings}
    return {"status": health.level.value, "parts": parts}


def _notice(finding: Finding, audiences: Collection[Audience]) -> Notice | None:
    whom, notice = _words(finding)
    return notice if whom in audiences else None


def _words(finding: Finding) -> tuple[Audience, Notice]:
    facts = finding.facts
    match finding.part:
        case Part.DATABASE:
            lost = _("La base de données ne répond pas.")
            return Audience.SEARCHERS, Notice(lost, _("Réessayez dans quelques minutes."))
        case Part.QUEUE:
            lost = _("La base de données est très occupée : un enregistrement peut être refusé.")
            kept = _("La page le dit alors et garde votre saisie. Consulter et chercher restent possibles.")
            return Audience.MEMBERS, Notice(lost, kept)
        case Part.LIMITS:
            lost = _("Redis ne répond pas : chaque serveur compte seul les requêtes.")
            return Audience.MODERATORS, Notice(lost, _("Tout le reste fonctionne."))
        case Part.WORKER if not facts.get("workers"):
            lost = _(
                "Les travaux de fond sont à l’arrêt : courriels, imports, plannings et nouvelles "
                "propositions attendent."
            )
            kept = _(
                "Ce que vous enregistrez est gardé et sera traité. Consulter et répondre restent possibles."
            )
            return Audience.MEMBERS, Notice(lost, kept)
        case Part.WORKER:
            lost = _("Les travaux de fond ont du retard.")
            return Audience.MEMBERS, Notice(lost, _("Ce que vous enregistrez est gardé et sera traité."))
        case Part.ENCODER:
            lost = _("La recherche par le sens est indisponible : elle se fait par les mots seuls.")
            kept = _(
                "Les propositions déjà trouvées restent affichées ; une offre ou un besoin enregistré "
                "maintenant sera lu ensuite."
            )
            return Audience.SEARCHERS, Notice(lost, kept)
        case Part.VECTORS:
            count = int(facts.get("damaged") or 0) + int(facts.get("missing") or 0)
            lost = ngettext(
                "%(num)d offre manque aux recherches : elle est en cours de lecture.",
                "%(num)d offres manquent aux recherches : elles sont en cours de lecture.",
                count,
            )
            kept = _("Leurs pages restent consultables, et les autres offres répondent.")
            return Audience.SEARCHERS, Notice(lost, kept)
        case Part.MAIL if facts.get("late") or not (facts.get("failed") or facts.get("unsure")):
            lost = _("Les courriels partent avec retard.")
            kept = _("Ils sont gardés et partiront d’eux-mêmes. Ce qu’ils annoncent se lit déjà ici.")
            return Audience.MEMBERS, Notice(lost, kept)
        case Part.MAIL:
            count = int(facts.get("failed") or 0) + int(facts.get("unsure") or 0)
            lost = ngettext(
                "%(num)d courriel n’est peut-être pas parti.",
                "%(num)d courriels ne sont peut-être pas partis.",
                count,
            )
            kept = _("La liste des courriels, en modération, permet de les renvoyer.")
            return Audience.MODERATORS, Notice(lost, kept)
        case Part.DISK if finding.level is Level.DOWN:
            lost = _("Le disque est plein : rien ne peut être enregistré.")
            return Audience.MEMBERS, Notice(lost, _("Consulter et chercher restent possibles."))
        case Part.DISK:
            lost = _("Il reste %(n)s Mo sur le disque.", n=facts.get("free_mb", 0))
            return Audience.MODERATORS, Notice(lost, _("Tout fonctionne encore : faites de la place."))


def _figures(finding: Finding) -> str:
    """The figures of a part, as whoever runs the portal reads them."""
    facts, labels = finding.facts, _labels()
    return ", ".join(
        f"{labels.get(key, key)} : {round(value) if isinstance(value, float) else value}"
        for key, value in facts.items()
        if value is not None
    )


def _names() -> dict[Part, str]:
    return {
        Part.DATABASE: _("Base de données"),
        Part.QUEUE: _("Écriture des travaux"),
        Part.LIMITS: _("Limites de requêtes"),
        Part.WORKER: _("Ouvriers"),
        Part.ENCODER: _("Modèle de langue"),
        Part.VECTORS: _("Vecteurs des offres"),
        Part.MAIL: _("Courriels"),
        Part.DISK: _("Disque"),
    }


def _levels() -> dict[Level, tuple[str, str]]:
    return {
        Level.OK: (_("Marche"), "success"),
        Level.REDUCED: (_("Service réduit"), "warning"),
        Level.DOWN: (_("À l’arrêt"), "error"),
    }


def _labels() -> dict[str, str]:
    return {
        "kind": _("sorte"),
        "why": _("cause"),
        "workers": _("ouvriers"),
        "waiting": _("en attente"),
        "failed_today": _("échoués ce jour"),
        "oldest_s": _("le plus ancien attend depuis (secondes)"),
        "last_beat_s": _("dernier signe il y a (secondes)"),
        "loaded": _("chargé"),
        "damaged": _("abîmés"),
        "missing": _("jamais calculés"),
        "late": _("en retard"),
        "failed": _("non partis"),
        "unsure": _("peut-être partis"),
        "free_mb": _("Mo libres"),
    }
