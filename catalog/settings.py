"""Settings: typed, defaulted, and refused at start when they make no sense.

``docs/reference/settings.md`` lists them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from catalog.kernel.errors import FieldError, InvalidInput


class Settings(BaseSettings):
    """What the environment says (``CATALOG_…``; a ``.env`` file is read in development)."""

    model_config = SettingsConfigDict(env_prefix="CATALOG_", env_file=".env", extra="ignore", frozen=True)

    data: Path = Field(default=Path("var"), description="Folder for everything that this installation writes.")
    database_url: str = Field(
        default="",
        description="SQLAlchemy URL; a SQLite file in the data folder by default, or `postgresql+psycopg://…`.",
    )
    s3_endpoint_url: str | None = Field(default=None, description="Address under which the server reaches S3.")
    s3_public_endpoint_url: str | None = Field(
        default=None,
        description="Address that presigned URLs are signed for; without it the web process relays the bytes.",
    )
    s3_bucket_prefix: str = Field(
        default="catalog-",
        pattern=r"^[a-z0-9][a-z0-9-]{0,36}$",
        description="What the names of the four buckets begin with.",
    )
    s3_folder: Path | None = Field(
        default=None,
        description="Folder where a store on this machine keeps its bytes; "
        "uploads that would fill its disk are refused before they are sent.",
    )
    search_url: str = Field(default="", description="`whoosh:///path`; a folder in the data folder by default.")
    secret_key: SecretStr = Field(
        default=SecretStr(""), description="Signs sessions and relayed transfers; made at first start by `scripts/run`."
    )
    base_url: str = Field(
        default="http://127.0.0.1:8000", description="Address under which people reach the catalogue."
    )
    site: str = Field(default="main", description="Name of this site; root templates are chosen by it.")
    log_format: Literal["console", "json"] = Field(default="console", description="How log lines are written.")
    session_hours: int = Field(
        default=12, ge=1, le=24 * 30, description="How long a web session lasts without a click."
    )
    preview_cache_mb: int = Field(default=512, ge=16, description="Most that previews may take in the local cache, MB.")

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        for name in ("s3_endpoint_url", "s3_public_endpoint_url", "base_url"):
            url = getattr(self, name)
            if url is not None and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc):
                msg = f"CATALOG_{name.upper()}={url!r} is no http:// or https:// address"
                raise ValueError(msg)
        if self.database_url and not self.database_url.startswith(
            ("sqlite:///", "postgresql+psycopg://", "postgresql://")
        ):
            msg = f"CATALOG_DATABASE_URL={self.database_url!r} is neither sqlite:///… nor postgresql://…"
            raise ValueError(msg)
        if self.search_url and not self.search_url.startswith("whoosh:///"):
            msg = f"CATALOG_SEARCH_URL={self.search_url!r} is not whoosh:///path"
            raise ValueError(msg)
        return self

    @property
    def database(self) -> str:
        """The database URL that is used."""
        if not self.database_url:
            return f"sqlite:///{self.data.absolute() / 'catalog.sqlite'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def index_folder(self) -> Path:
        """Where the search index lies."""
        return Path(self.search_url.removeprefix("whoosh://")) if self.search_url else self.data.absolute() / "index"


def read_settings(**given: Any) -> Settings:  # noqa: ANN401 — any field of Settings
    """Return the settings; ``InvalidInput`` names every one that makes no sense."""
    try:
        return Settings(**given)
    except ValidationError as error:
        errors = [
            FieldError(field="CATALOG_" + "_".join(map(str, one["loc"])).upper(), message=one["msg"])
            for one in error.errors()
        ]
        said = "; ".join(f"{one.field}: {one.message}" for one in errors)
        raise InvalidInput(f"settings make no sense: {said}", code="bad-settings", errors=errors) from error
