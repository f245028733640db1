"""Typed settings, read once from the environment (or a `.env` file). A setting has a default only when the
embedded demonstration can live with it; README "Configuration" lists them all."""

import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    data_dir: Path = Path("instance")
    database_url: str = ""
    lock_timeout_s: float = Field(default=10.0, gt=0, le=60)
    redis_url: str = ""
    secret_key: SecretStr = SecretStr("")
    base_url: str = ""
    port: int = 8000
    cookie_secure: bool = False
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    official_header: bool = False
    max_upload_mb: int = Field(default=10, ge=1, le=200)

    evidence_max_mb: int = Field(default=10, ge=1, le=100)
    evidence_max_pages: int = Field(default=500, ge=1)
    evidence_max_per_claim: int = Field(default=10, ge=1, le=50)
    antivirus: str = ""
    antivirus_timeout_s: float = Field(default=30.0, gt=0, le=300)

    smtp_host: str = ""
    smtp_port: int = 25
    smtp_timeout_s: float = Field(default=60.0, gt=0, le=120)
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    mail_sender: str = "Trait d’union <ne-pas-repondre@traitdunion.example>"

    encoder_model: str = "bundled"
    encoder_revision: str = ""
    encoder_second: str = "bundled-use"
    vector_index: Literal["numpy", "faiss", "faiss-compressed", "pgvector"] = "faiss"
    demo_accounts: bool = False
    demo_password: SecretStr = SecretStr("Demonstration-2026")

    job_heartbeat_s: float = 2.0
    job_lease_s: float = 30.0
    schedule_time_limit_s: float = 60.0

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.absolute()

    @cached_property
    def sqlalchemy_url(self) -> str:
        """The database of the portal: `DATABASE_URL`, else a SQLite file in `data_dir`."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir / 'traitdunion.db'}"
        scheme, _, rest = self.database_url.partition("://")
        return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else self.database_url

    @cached_property
    def session_key(self) -> str:
        """`SECRET_KEY`, else a random key kept in `data_dir` so that sessions outlive a restart."""
        if self.secret_key.get_secret_value():
            return self.secret_key.get_secret_value()
        path = self.data_dir / "secret_key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        return path.read_text(encoding="utf-8")

    @cached_property
    def public_url(self) -> str:
        """Address at which people reach the portal; used in mails and calendar files."""
        return self.base_url.rstrip("/") or f"http://127.0.0.1:{self.port}"
