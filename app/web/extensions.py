"""Flask extensions, created once and bound to each app by `init_app`."""

from datetime import timedelta

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_mailman import Mail
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.core.config import Settings
from app.core.db import db
from app.core.demo import ACCOUNTS
from app.core.i18n import babel

login = LoginManager()
csrf = CSRFProtect()
mail = Mail()
limiter = Limiter(get_remote_address)


def init_app(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.session_key,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=settings.cookie_secure,
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024,
        EVIDENCE_MAX_MB=settings.evidence_max_mb,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,  # a long description, never a file
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session: nothing typed overnight is lost
        OFFICIAL_HEADER=settings.official_header,
        DEMO_ACCOUNTS=ACCOUNTS if settings.demo_accounts else (),
        DEMO_PASSWORD=settings.demo_password.get_secret_value() if settings.demo_accounts else "",
        SQLALCHEMY_ENGINES={"default": {"url": settings.sqlalchemy_url, **_engine_options(settings)}},
        BABEL_DEFAULT_LOCALE="fr",
        BABEL_DEFAULT_TIMEZONE="Europe/Paris",
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_HEADERS_ENABLED=True,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,  # without Redis each process counts for itself
        REMEMBER_COOKIE_DURATION=timedelta(days=30),
        MAIL_DEFAULT_SENDER=settings.mail_sender,
        **_mail_options(settings),
    )
    app.extensions["settings"] = settings
    hops = settings.trusted_proxies
    if hops:  # the address, scheme and host that the last of our own proxies saw; never what a client says
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    csrf.init_app(app)
    mail.init_app(app)
    limiter.init_app(app)
    login.init_app(app)
    login.login_view = "accounts.sign_in"
    login.session_protection = "basic"


def init_babel(app: Flask, select_language: object) -> None:
    babel.init_app(app, locale_selector=select_language)


def _engine_options(settings: Settings) -> dict[str, object]:
    """A lock that does not come in time is told to the person, who may try again: nobody waits for ever."""
    wait_s = settings.lock_timeout_s
    if settings.sqlalchemy_url.startswith("sqlite"):
        return {"connect_args": {"timeout": wait_s}}
    options = {"options": f"-c lock_timeout={round(wait_s * 1000)}"}
    return {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8, "connect_args": options}


def _mail_options(settings: Settings) -> dict[str, object]:
    if not settings.smtp_host:  # no server named: each mail is kept as a file in data_dir/mails
        return {"MAIL_BACKEND": "file", "MAIL_FILE_PATH": str(settings.data_dir / "mails")}
    return {
        "MAIL_BACKEND": "smtp",
        "MAIL_SERVER": settings.smtp_host,
        "MAIL_PORT": settings.smtp_port,
        "MAIL_USERNAME": settings.smtp_username or None,
        "MAIL_PASSWORD": settings.smtp_password.get_secret_value() or None,
        "MAIL_USE_TLS": settings.smtp_security == "starttls",
        "MAIL_USE_SSL": settings.smtp_security == "tls",
        "MAIL_TIMEOUT": settings.smtp_timeout_s,
    }
