"""Settings: typed, defaulted, and refused at start when they make no sense.

``docs/reference/settings.md`` lists them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from catalog.kernel.errors import FieldError, InvalidInput
from catalog.kernel.mistakes import sentence

PREFIX = "CATALOG_"
DEVELOPMENT_FILE = ".env"
OTHERS = frozenset(
    {
        "CATALOG_CACHE",
        "CATALOG_LISTEN",
        "CATALOG_NEW_PASSWORD",
        "CATALOG_PREPARED_DESCRIPTOR",
        "CATALOG_TOKEN",
        "CATALOG_URL",
    }
)
"""Variables that clients, commands and the supervisor read, and that are no settings of the server."""
_INJECTED = re.compile(r"PORT_[0-9]+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?|SERVICE_HOST|SERVICE_PORT(_\w+)?")
"""What Kubernetes and Docker set for a service that is called ``catalog``, besides its ``…_PORT`` with ``://``."""
SECRET_MIN = 24


class Settings(BaseSettings):
    """What the environment says (``CATALOG_…``; a ``.env`` file is read in development)."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=DEVELOPMENT_FILE, extra="ignore", frozen=True, hide_input_in_errors=True
    )

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
    site: str = Field(default="main", min_length=1, description="Name of this site; root templates are chosen by it.")
    log_format: Literal["console", "json"] = Field(default="console", description="How log lines are written.")
    proxies: int = Field(
        default=0,
        ge=0,
        le=10,
        description="How many reverse proxies stand in front, each of which adds to `X-Forwarded-For`; "
        "so many of its addresses are believed, from the last.",
    )
    session_hours: int = Field(
        default=12, ge=1, le=24 * 30, description="How long a web session lasts without a click."
    )
    preview_cache_mb: int = Field(default=512, ge=16, description="Most that previews may take in the local cache, MB.")

    @field_validator("s3_endpoint_url", "s3_public_endpoint_url", "base_url")
    @classmethod
    def _is_reached_by_http(cls, url: str | None) -> str | None:
        if url is not None and not (_scheme_of(url) in {"http", "https"} and urlsplit(url).netloc):
            msg = "is no http:// or https:// address"
            raise ValueError(msg)
        return url

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, url: str) -> str:
        if url and _scheme_of(url) not in {"sqlite", "postgresql", "postgresql+psycopg"}:
            msg = f"begins with {_scheme_of(url)!r}; right are sqlite:///path and postgresql://user@host/name"
            raise ValueError(msg)
        return url

    @field_validator("search_url")
    @classmethod
    def _is_an_index(cls, url: str) -> str:
        if url and not url.startswith("whoosh:///"):
            msg = "is not whoosh:///path"
            raise ValueError(msg)
        return url

    @field_validator("secret_key")
    @classmethod
    def _cannot_be_guessed(cls, key: SecretStr) -> SecretStr:
        if 0 < len(key.get_secret_value()) < SECRET_MIN:
            msg = f"has {len(key.get_secret_value())} characters; give at least {SECRET_MIN} random ones"
            raise ValueError(msg)
        return key

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
    """Return the settings; ``InvalidInput`` names every one that makes no sense, and shows the value of none."""
    errors = _unknown({**dotenv_values(DEVELOPMENT_FILE), **os.environ})
    try:
        settings = Settings(**given)
    except ValidationError as error:
        errors += [
            FieldError(field=_variable(one["loc"][0]), message=sentence(one))
            for one in error.errors(include_input=False)
        ]
    if errors:
        said = "; ".join(f"{one.field} {one.message}" for one in errors)
        raise InvalidInput(f"settings make no sense: {said}", code="bad-settings", errors=errors)
    return settings


def _unknown(variables: Mapping[str, str | None]) -> list[FieldError]:
    """Return a refusal of each variable that looks like a setting and is none: more likely it is misspelt."""
    known = [_variable(field).removeprefix(PREFIX) for field in Settings.model_fields]
    known += [variable.removeprefix(PREFIX) for variable in OTHERS]
    errors = []
    for variable in sorted(variables):
        word = variable.upper().removeprefix(PREFIX)
        injected = _INJECTED.fullmatch(word) or (word == "PORT" and "://" in (variables[variable] or ""))
        if variable.upper().startswith(PREFIX) and word not in known and not injected:
            nearest = get_close_matches(word, known, n=1)
            remedy = f"; do you mean {PREFIX}{nearest[0]}?" if nearest else "; docs/reference/settings.md lists all"
            errors.append(FieldError(field=variable, message=f"is no setting{remedy}"))
    return errors


def _variable(field: int | str) -> str:
    return PREFIX + str(field).upper()


def _scheme_of(url: str) -> str:
    """Return the word before ``://``; the rest may hold a password, so nothing of it is told."""
    return url.partition("://")[0] if "://" in url else ""
