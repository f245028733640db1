"""Reference data: saved as often as one likes, read in order and in force on a day."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.queries import actor_of
from app.audit.models import AuditEntry
from app.core.db import db
from app.core.errors import Forbidden, NotFound, RuleBroken
from app.permissions import SYSTEM, Role
from app.reference import queries, services
from app.reference.enums import CriterionSubject, SaveOutcome, VerificationPolicy
from tests.factories import make_category, make_criterion, make_user


def save_open_source(**values: object) -> SaveOutcome:
    defaults: dict[str, object] = {
        "key": "open_source",
        "position": 2,
        "subject": CriterionSubject.OFFER,
        "verification_policy": VerificationPolicy.DOCUMENT,
        "label_fr": "Logiciel libre",
        "label_en": "Open source",
    }
    return services.save_criterion(SYSTEM, **defaults | values)  # type: ignore[arg-type]  # the values come in a dict


def test_save_answers_what_it_did_and_audits_changes_only(app: Flask) -> None:
    outcomes = [save_open_source(), save_open_source(), save_open_source(label_en="Free software")]
    assert outcomes == ["created", "unchanged", "updated"]
    actions = list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions == ["reference.created", "reference.updated"]
    assert queries.get_criterion("open_source").label == "Logiciel libre"


def test_save_by_a_vendor_is_forbidden(app: Flask) -> None:
    with pytest.raises(Forbidden):
        services.save_objective(
            actor_of(make_user(Role.VENDOR)), key="cost", position=4, label_fr="Coût", label_en="Cost"
        )


def test_save_refuses_a_text_its_column_cannot_hold(app: Flask) -> None:
    with pytest.raises(RuleBroken) as refused:
        save_open_source(label_fr="x" * 301, label_en="")
    assert list(refused.value.fields) == ["label_fr"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "4800000"}, "code"),
        ({"code": "48100000-9"}, "code"),
        ({"code": "48100000", "parent_code": "99000000"}, "parent_code"),
        ({"code": "48100000", "label_fr": ""}, "label_fr"),
    ],
)
def test_save_category_with_a_wrong_value_names_its_field(
    app: Flask, values: dict[str, str], field: str
) -> None:
    given = {"parent_code": None, "level": 3, "label_fr": "Logiciels", "label_en": "Software", **values}
    with pytest.raises(RuleBroken) as refused:
        services.save_category(SYSTEM, **given)  # type: ignore[arg-type]  # the values come in a dict
    assert list(refused.value.fields) == [field]


def test_categories_come_as_a_tree(app: Flask) -> None:
    for code, parent, level in (
        ("48000000", None, 2),
        ("48100000", "48000000", 3),
        ("48110000", "48100000", 4),
    ):
        services.save_category(
            SYSTEM, code=code, parent_code=parent, level=level, label_fr=f"Fr {code}", label_en=f"En {code}"
        )
    services.save_category(
        SYSTEM, code="48111000", parent_code="48110000", level=5, label_fr="Fin", label_en="Fine"
    )
    assert [category.code for category in queries.divisions()] == ["48000000"]
    assert queries.category_choices() == [
        ("48000000", "Fr 48000000 (48000000)"),
        ("48100000", "\N{EM SPACE}Fr 48100000 (48100000)"),
        ("48110000", "\N{EM SPACE}\N{EM SPACE}Fr 48110000 (48110000)"),
    ]
    assert list(queries.categories_by_code(["48110000", "1"])) == ["48110000"]


def test_criteria_come_in_their_order(app: Flask) -> None:
    for key, position in (("sme", 3), ("secnumcloud", 1), ("open_source", 2)):
        make_criterion(key, position=position)
    assert [criterion.key for criterion in queries.criteria()] == ["secnumcloud", "open_source", "sme"]
    with pytest.raises(NotFound):
        queries.get_criterion("inconnu")


def test_legal_parameters_are_those_in_force_that_day(app: Flask) -> None:
    for value, start, end in (
        ("100000", date(2018, 12, 25), date(2021, 12, 25)),
        ("143000", date(2021, 12, 26), None),
        ("200000", date(2027, 1, 1), None),
    ):
        services.save_legal_parameter(
            SYSTEM,
            key="threshold",
            value=value,
            legal_reference=f"décret {value}",
            valid_from=start,
            valid_to=end,
        )
    for day, expected in ((date(2021, 12, 25), "100000"), (date(2026, 11, 22), "143000")):
        found = queries.legal_parameters_on(day, key="threshold")
        assert [parameter.value for parameter in found] == [expected]
    assert len(queries.legal_parameters()) == 3


def test_save_legal_parameter_refuses_an_end_before_its_start(app: Flask) -> None:
    with pytest.raises(RuleBroken) as refused:
        services.save_legal_parameter(
            SYSTEM,
            key="threshold",
            value="1",
            legal_reference="décret",
            valid_from=date(2026, 1, 2),
            valid_to=date(2026, 1, 1),
        )
    assert list(refused.value.fields) == ["valid_to"]


def test_qualified_services_on_a_day_leaves_out_ended_and_candidates(app: Flask) -> None:
    rows = (
        ("Outscale", "qualified", date(2023, 11, 30), date(2026, 11, 30)),
        ("Ancien", "qualified", date(2020, 1, 1), date(2026, 11, 21)),
        ("Candidat", "in_progress", None, None),
    )
    for provider, status, since, until in rows:
        outcome = services.save_qualified_service(
            SYSTEM,
            provider=provider,
            service_name="IaaS",
            scope="IaaS",
            status=status,
            qualified_since=since,
            valid_until=until,
        )
        assert outcome is SaveOutcome.CREATED
    held = queries.qualified_services(on=date(2026, 11, 22))
    assert [service.provider for service in held] == ["Outscale"]
    assert [service.provider for service in queries.qualified_services(text="ancien")] == ["Ancien"]


def test_label_falls_back_to_french(app: Flask) -> None:
    assert make_category("72000000", label_fr="Services", label_en="").label == "Services"
