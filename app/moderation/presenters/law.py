"""Dated rules of law in words: what each threshold is about, and its unit."""

from collections.abc import Mapping
from typing import Any

from app.core.i18n import lazy_gettext as _l

RULES: Mapping[str, Any] = {
    "adapted_procedure_boamp_jal_publicity_threshold": _l(
        "Publicité au BOAMP ou dans un journal, à partir de"
    ),
    "adapted_procedure_range_other_supplies_services": _l(
        "Procédure adaptée, hors État : fournitures et services"
    ),
    "adapted_procedure_range_state_supplies_services": _l(
        "Procédure adaptée, État : fournitures et services"
    ),
    "candidate_minimum_turnover_cap_multiple": _l("Chiffre d’affaires exigible d’un candidat, au plus"),
    "cloud_doctrine_circular": _l("Circulaire « Cloud au centre »"),
    "consultation_documents_online_threshold": _l("Documents de la consultation en ligne, à partir de"),
    "digital_procurement_circular_date": _l("Circulaire sur la commande publique numérique : date"),
    "digital_procurement_circular_number": _l("Circulaire sur la commande publique numérique : numéro"),
    "dinum_avis_anssi_budget_observation_delay": _l("Avis de la DINUM : délai des observations"),
    "dinum_avis_conforme_threshold": _l("Avis conforme de la DINUM, à partir de"),
    "dinum_avis_cost_perimeter_maintenance": _l("Avis de la DINUM : maintenance comptée dans le coût"),
    "dinum_avis_response_delay": _l("Avis de la DINUM : délai de réponse"),
    "eu_formal_threshold_central_government_supplies_services": _l(
        "Procédure formalisée, État : fournitures et services"
    ),
    "eu_formal_threshold_defence_security_supplies_services": _l(
        "Procédure formalisée, défense et sécurité : fournitures et services"
    ),
    "eu_formal_threshold_subcentral_supplies_services": _l(
        "Procédure formalisée, hors État : fournitures et services"
    ),
    "eu_formal_threshold_utilities_supplies_services": _l(
        "Procédure formalisée, entités adjudicatrices : fournitures et services"
    ),
    "eu_formal_threshold_works_and_concessions": _l("Procédure formalisée : travaux et concessions"),
    "eu_micro_enterprise_staff_max_exclusive": _l("Microentreprise (UE) : effectif, moins de"),
    "eu_micro_enterprise_turnover_or_balance_max": _l(
        "Microentreprise (UE) : chiffre d’affaires ou bilan, au plus"
    ),
    "eu_small_enterprise_staff_max_exclusive": _l("Petite entreprise (UE) : effectif, moins de"),
    "eu_small_enterprise_turnover_or_balance_max": _l(
        "Petite entreprise (UE) : chiffre d’affaires ou bilan, au plus"
    ),
    "eu_sme_balance_sheet_max": _l("PME (UE) : bilan, au plus"),
    "eu_sme_staff_max_exclusive": _l("PME (UE) : effectif, moins de"),
    "eu_sme_turnover_max": _l("PME (UE) : chiffre d’affaires, au plus"),
    "fr_eti_balance_sheet_max": _l("ETI (France) : bilan, au plus"),
    "fr_eti_staff_max_exclusive": _l("ETI (France) : effectif, moins de"),
    "fr_eti_turnover_max": _l("ETI (France) : chiffre d’affaires, au plus"),
    "fr_micro_staff_max_exclusive": _l("Microentreprise (France) : effectif, moins de"),
    "fr_micro_turnover_or_balance_max": _l("Microentreprise (France) : chiffre d’affaires ou bilan, au plus"),
    "fr_pme_balance_sheet_max": _l("PME (France) : bilan, au plus"),
    "fr_pme_staff_max_exclusive": _l("PME (France) : effectif, moins de"),
    "fr_pme_turnover_max": _l("PME (France) : chiffre d’affaires, au plus"),
    "innovative_purchase_threshold": _l(
        "Achat innovant sans publicité ni mise en concurrence, en dessous de"
    ),
    "innovative_purchase_threshold_defence_security": _l(
        "Achat innovant, défense et sécurité, en dessous de"
    ),
    "negotiated_procedure_adaptation_case": _l("Procédure avec négociation : besoin à adapter"),
    "negotiated_procedure_innovation_case": _l("Procédure avec négociation : solution innovante"),
    "no_publicity_threshold_supplies_services": _l(
        "Sans publicité ni mise en concurrence, en dessous de : fournitures et services"
    ),
    "no_publicity_threshold_works": _l("Sans publicité ni mise en concurrence, en dessous de : travaux"),
    "prior_market_consultation_sourcing": _l("Consultation préalable du marché"),
    "secnumcloud_non_eu_capital_collective_max": _l("SecNumCloud : capital hors UE, ensemble, au plus"),
    "secnumcloud_non_eu_capital_individual_max": _l("SecNumCloud : capital hors UE, chacun, au plus"),
    "secnumcloud_qualification_duration": _l("SecNumCloud : durée d’une qualification"),
    "secnumcloud_referential_version": _l("SecNumCloud : référentiel en vigueur"),
    "small_lot_ceiling_supplies_services": _l("Petit lot, en dessous de : fournitures et services"),
    "small_lots_cumulated_share_max": _l("Petits lots : part cumulée, au plus"),
    "sren_art31_decree": _l("Loi SREN, article 31 : décret"),
    "sren_art31_derogation_end_after_offer_available": _l(
        "Loi SREN, article 31 : fin d’une dérogation une fois une offre disponible"
    ),
    "sren_art31_extension_bill_population": _l("Loi SREN, article 31 : extension proposée, population"),
    "sren_art31_gip_listed": _l("Loi SREN, article 31 : groupements d’intérêt public nommés"),
    "sren_art31_law": _l("Loi SREN, article 31 : loi"),
    "sren_art31_referential_order": _l("Loi SREN, article 31 : référentiel exigé"),
}
UNITS: Mapping[str, Any] = {
    "EUR": "€",
    "EUR_HT": _l("€ hors taxes"),
    "EUR_TTC": _l("€ toutes taxes comprises"),
    "days": _l("jours"),
    "inhabitants": _l("habitants"),
    "month": _l("mois"),
    "months": _l("mois"),
    "percent": "%",
    "persons": _l("personnes"),
    "times_contract_value": _l("fois le montant du marché"),
    "years": _l("ans"),
}
"""A number's; a reference (a law, an article, a version) needs none."""


def rule_text(key: str) -> str:
    """What the rule is about; its key where nobody has named it yet."""
    return str(RULES.get(key, key))


def rule_value(value: str, unit: str) -> str:
    """A value with its unit, a range in words, thousands apart."""
    shown = " – ".join(_number(part) for part in value.split("-")) if unit.startswith("EUR") else value
    return f"{shown} {UNITS[unit]}" if unit in UNITS else shown


def _number(text: str) -> str:
    return f"{int(text):,}".replace(",", "\N{NARROW NO-BREAK SPACE}") if text.isdigit() else text
