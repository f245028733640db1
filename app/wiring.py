"""Application factory: the one place where everything is put together."""

from typing import TYPE_CHECKING

from flask import Flask

from app.accounts import jobs as _accounts_jobs  # noqa: F401 - registers its job handlers
from app.accounts import views as accounts
from app.catalogue import engine as catalogue_engine
from app.catalogue import views as catalogue
from app.claims import jobs as _claims_jobs  # noqa: F401 - registers its job handlers
from app.claims import receivers as _claims_receivers  # noqa: F401 - connects itself to the signals
from app.claims import services as claims
from app.core.config import Settings
from app.doctrine import views as doctrine
from app.event_day import views as event_day
from app.events import receivers as _events_receivers  # noqa: F401 - connects itself to the signals
from app.events import views as events
from app.matchmaking import engine
from app.matchmaking import jobs as _matchmaking_jobs  # noqa: F401 - registers its job handlers
from app.matchmaking import receivers as _matchmaking_receivers  # noqa: F401 - connects itself to the signals
from app.matchmaking import views as matchmaking
from app.matchmaking.engine import likeness
from app.meetings import receivers as _meetings_receivers  # noqa: F401 - connects itself to the signals
from app.meetings import views as meetings
from app.moderation import jobs as _moderation_jobs  # noqa: F401 - registers its job handlers
from app.moderation import views as moderation
from app.needs import views as needs
from app.offers import jobs as _offers_jobs  # noqa: F401 - registers its job handlers
from app.offers import receivers as _offers_receivers  # noqa: F401 - connects itself to the signals
from app.offers import views as offers
from app.outbox import jobs as _outbox_jobs  # noqa: F401 - gives the worker its mail
from app.pages import views as pages
from app.parking import views as parking
from app.schedules import jobs as _schedules_jobs  # noqa: F401 - registers its job handlers
from app.schedules import receivers as _schedules_receivers  # noqa: F401 - connects itself to the signals
from app.schedules import views as schedules
from app.web import access, caching, drafts, edge, errors, extensions, navigation, requests, templating
from app.web.numbers import BoundedInteger

if TYPE_CHECKING:
    from matching.retrieval import Encoder


DOMAINS = (
    pages,
    accounts,
    offers,
    needs,
    matchmaking,
    doctrine,
    catalogue,
    events,
    meetings,
    schedules,
    event_day,
    moderation,
    parking,
)


def create_app(settings: Settings | None = None, *, encoder: "Encoder | None" = None) -> Flask:
    """Build the portal; a test passes its own `encoder`.

    Raises `UndeclaredEndpointError` when an endpoint says nothing of who may reach it."""
    settings = settings or Settings()
    app = Flask("app", template_folder="templates", static_folder="static", static_url_path="/statique")
    app.url_map.converters["int"] = BoundedInteger
    extensions.init_app(app, settings)
    extensions.init_babel(app, edge.select_language)
    requests.init_app(app)
    caching.init_app(app)
    edge.init_app(app)
    app.before_request(access.enforce)
    errors.init_app(app)
    templating.init_app(app)
    navigation.init_app(app)
    parking.init_app(app)
    drafts.init_app(app)
    for domain in DOMAINS:
        app.register_blueprint(domain.blueprint)
    claims.configure(settings)
    engine.configure(settings, encoder)
    likeness.configure()
    catalogue_engine.configure()
    access.refuse_undeclared(app)
    return app
