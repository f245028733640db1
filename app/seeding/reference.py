"""Categories, criteria, objectives and their evidence, registry of qualified services, rules of law."""

from app.matchmaking.enums import Measure
from app.matchmaking.services.objectives import save_evidence
from app.permissions import SYSTEM
from app.reference import services
from app.reference.enums import (
    AttributeType,
    CriterionOperator,
    CriterionSubject,
    TermKind,
    VerificationPolicy,
)
from app.reference.queries import buyer_terms
from app.reference.services.criteria import Measured
from seed_data.reader import SeedData
from seed_data.records import SeedCriterion

MEASURED = ("attribute_key", "type", "unit", "options", "left_to_buyer", "operator", "operand")


def seed_reference(data: SeedData) -> None:
    for category in sorted(data.categories, key=lambda item: item.level):
        services.save_category(
            SYSTEM,
            code=category.code,
            parent_code=category.parent,
            level=category.level,
            label_fr=category.label_fr,
            label_en=category.label_en,
        )
    for row in data.attributes:
        values = row.model_dump()
        values["type"], values["subject"] = AttributeType(row.type), CriterionSubject(row.subject)
        services.save_attribute(SYSTEM, **values)
    for position, criterion in enumerate(data.criteria):
        values = criterion.model_dump(exclude=set(MEASURED))
        values["measured"] = _measured(criterion)
        values["subject"] = CriterionSubject(criterion.subject)
        values["verification_policy"] = VerificationPolicy(criterion.verification_policy)
        services.save_criterion(SYSTEM, position=position, **values)
    for position, objective in enumerate(data.objectives):
        services.save_objective(SYSTEM, position=position, **objective.model_dump())
    for evidence in data.objective_evidence:
        save_evidence(
            SYSTEM,
            objective_key=evidence.objective,
            criterion_key=evidence.criterion,
            measure=Measure(evidence.measure) if evidence.measure else None,
            **evidence.model_dump(exclude={"objective", "criterion", "measure"}),
        )
    for function in data.functions:
        services.save_function(
            SYSTEM,
            key=function.key,
            parent_key=function.parent or None,
            label_fr=function.label_fr,
            label_en=function.label_en,
            cpv=function.cpv,
            terms=[term for term in function.terms.split("|") if term],
        )
    known = {term.term for term in buyer_terms()}
    for term in data.terms:
        if term.term not in known:
            services.add_term(
                SYSTEM,
                term=term.term,
                kind=TermKind(term.kind),
                function_key=term.function,
                reading=term.reading,
                source=term.source,
            )
    for service in data.qualified_services:
        services.save_qualified_service(SYSTEM, **service.model_dump())
    for parameter in data.legal_parameters:
        services.save_legal_parameter(SYSTEM, **parameter.model_dump())


def _measured(criterion: SeedCriterion) -> Measured:
    """What it asks: a predicate on its own attribute, or on another criterion's."""
    return {
        "attribute_key": criterion.attribute_key or criterion.key,
        "type": AttributeType(criterion.type),
        "unit": criterion.unit,
        "options": criterion.options,
        "left_to_buyer": criterion.left_to_buyer,
        "operator": CriterionOperator(criterion.operator),
        "operand": criterion.operand,
    }
