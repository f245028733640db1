"""Objects for tests, made directly (services have their own tests) and committed for requests to see."""

from itertools import count
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from app.accounts.enums import AdministrationKind, OrganisationKind, VendorKind, VendorSize
from app.accounts.models import Membership, Organisation, User
from app.claims.enums import ClaimStatus, Visibility
from app.claims.models import Claim, Evidence
from app.content.enums import Nature
from app.content.spec import Spec
from app.core.clock import now
from app.core.db import db
from app.needs.enums import NeedStatus, RequiredLevel
from app.needs.models import Need, NeedRequirement
from app.needs.spec import NEED
from app.offers.enums import OfferKind, OfferStatus
from app.offers.models import Offer
from app.offers.spec import OFFER
from app.permissions import Role
from app.reference.enums import CriterionSubject, VerificationPolicy
from app.reference.models import Attribute, Category, Criterion

_numbers = count(1)
PASSWORD = "une phrase de passe"


def fresh_siren() -> str:
    """A number that passes the check digit, in a range no firm has (000...)."""
    body = f"000{next(_numbers):05d}"
    total = sum(sum(divmod(int(digit) * (2 if index % 2 else 1), 10)) for index, digit in enumerate(body))
    return body + str(-total % 10)


Row = TypeVar("Row")


def saved(item: Row) -> Row:
    db.session.add(item)
    db.session.commit()
    return item


def make_vendor(**values: Any) -> Organisation:
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "kind": OrganisationKind.VENDOR,
        "vendor_kind": VendorKind.PUBLISHER,
        "vendor_size": VendorSize.SME,
        "name": f"Éditeur démo {number}",
        "slug": f"editeur-{number}",
        "siren": fresh_siren(),
        "first_shown_at": now(),
    }
    return saved(Organisation(**defaults | values))


def make_administration(**values: Any) -> Organisation:
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "kind": OrganisationKind.ADMINISTRATION,
        "administration_kind": AdministrationKind.MINISTRY,
        "name": f"Ministère {number}",
        "slug": f"ministere-{number}",
    }
    return saved(Organisation(**defaults | values))


def events_office() -> Organisation:
    """The administration that holds events unless a test says otherwise."""
    query = sa.select(Organisation).filter_by(slug="bureau-des-evenements")
    return db.session.scalars(query).one_or_none() or make_administration(
        slug="bureau-des-evenements", name="Bureau des événements"
    )


def _usual(role: Role) -> Organisation:
    if role is Role.ORGANISER:
        return events_office()
    return make_vendor() if role is Role.VENDOR else make_administration()


def make_user(role: Role | None = None, organisation: Organisation | None = None, **values: Any) -> User:
    """A person; with `role` also a member, of a new organisation of the right kind unless one is given.

    Organisers are managers of the one administration that holds the events of `make_event`."""
    number = next(_numbers)
    defaults: dict[str, Any] = {"email": f"personne{number}@exemple.fr", "name": f"Compte {number}"}
    user = User(**defaults | {"password_hash": "x", "confirmed_at": now()} | values)
    db.session.add(user)
    if role is not None:
        manages = role is Role.ORGANISER and organisation is None
        organisation = organisation or _usual(role)
        user.memberships.append(Membership(organisation=organisation, role=role, is_manager=manages))
    db.session.commit()
    return user


def make_attribute(key: str, **values: Any) -> Attribute:
    found = db.session.get(Attribute, key)
    if found is not None:
        return found
    defaults: dict[str, Any] = {"subject": CriterionSubject.OFFER, "label_fr": key, "label_en": key}
    return saved(Attribute(key=key, **defaults | values))


def make_criterion(
    key: str = "open_source",
    *,
    attribute: Attribute | None = None,
    left_to_buyer: bool = False,
    **values: Any,
) -> Criterion:
    """A yes or no of its own, unless `attribute` is given with `operator` and `operand`."""
    found = db.session.get(Criterion, key)
    if found is not None:
        return found
    subject = values.get("subject", CriterionSubject.OFFER)
    label = values.get("label_fr", key)
    own = (
        make_attribute(key, subject=subject, left_to_buyer=left_to_buyer, label_fr=label)
        if attribute is None
        else attribute
    )
    defaults: dict[str, Any] = {
        "position": next(_numbers),
        "subject": CriterionSubject.OFFER,
        "verification_policy": VerificationPolicy.DOCUMENT,
        "label_fr": key,
        "label_en": key,
    }
    return saved(Criterion(key=key, attribute=own, **defaults | values))


def make_category(code: str = "48000000", **values: Any) -> Category:
    found = db.session.get(Category, code)
    if found is not None:
        return found
    defaults: dict[str, Any] = {"level": 2, "label_fr": "Logiciels", "label_en": "Software"}
    return saved(Category(code=code, **defaults | values))


def with_first_version(spec: Spec[Any], thing: Any) -> Any:
    """The thing, its content numbered as version 1, as a publication would have left it."""
    values = {"thing_id": thing.id, "number": 1, "content": spec.content_of(thing), "note": "", "at": now()}
    return add_row(thing, cast(Any, spec.versions)(**values, nature=Nature.SUBSTANTIVE))


def add_row(thing: Row, row: Any) -> Row:
    db.session.add(row)
    db.session.commit()
    return thing


def make_offer(
    organisation: Organisation | None = None, *, facts: dict[str, ClaimStatus] | None = None, **values: Any
) -> Offer:
    """A published market offer; `facts` adds true claims, e.g. {"open_source": ClaimStatus.VERIFIED}."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "kind": OfferKind.MARKET,
        "status": OfferStatus.PUBLISHED,
        "published_at": now(),
        "name": f"Offre {number}",
        "slug": f"offre-{number}",
        "summary": "Messagerie collaborative",
        "description": "Une messagerie collaborative hébergée en France.",
    }
    chosen = defaults | values
    chosen.setdefault("version", 0 if chosen["status"] is OfferStatus.DRAFT else 1)
    offer = Offer(organisation=organisation or make_vendor(), **chosen)
    for key, status in (facts or {}).items():
        decided = None if status is ClaimStatus.DECLARED else now()
        offer.claims.append(
            Claim(
                organisation=offer.organisation,
                attribute=make_criterion(key).attribute,
                value=True,
                status=status,
                decided_at=decided,
                found=False if status is ClaimStatus.CONTRADICTED else None,
                awaits_verification=status is ClaimStatus.TO_CONFIRM,
            )
        )
    saved(offer)
    return with_first_version(OFFER, offer) if offer.version else offer


def make_evidence(claim: Claim, **values: Any) -> Evidence:
    """An address that everyone may read, unless other `values` say otherwise."""
    defaults: dict[str, Any] = {"title": "Preuve", "visibility": Visibility.PUBLIC}
    if "sha256" not in values:
        defaults["url"] = f"https://preuves.example/{next(_numbers)}"
    piece = Evidence(**defaults | values)
    claim.pieces.append(piece)
    db.session.flush()
    return piece


def make_need(
    organisation: Organisation | None = None,
    *,
    requires: dict[str, RequiredLevel] | None = None,
    **values: Any,
) -> Need:
    """A published need; `requires` adds hard criteria."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "status": NeedStatus.PUBLISHED,
        "published_at": now(),
        "title": f"Besoin {number}",
        "slug": f"besoin-{number}",
        "description": "Nos agents échangent des messages et partagent des documents entre services.",
    }
    chosen = defaults | values
    chosen.setdefault("version", 0 if chosen["status"] is NeedStatus.DRAFT else 1)
    need = Need(organisation=organisation or make_administration(), **chosen)
    for key, level in (requires or {}).items():
        need.requirements.append(NeedRequirement(criterion=make_criterion(key), level=level))
    saved(need)
    return with_first_version(NEED, need) if need.version else need
