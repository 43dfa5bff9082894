"""Opening the stores that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.storage.s3.connection import S3Config
from catalog.storage.s3.opening import open_stores as open_s3_stores

if TYPE_CHECKING:
    from catalog.settings import Settings
    from catalog.storage.port import Stores


def open_stores(settings: Settings) -> Stores:
    """Return the stores of an installation. Nothing is sent before the first use; credentials come from ``AWS_*``."""
    return open_s3_stores(s3_config(settings))


def s3_config(settings: Settings) -> S3Config:
    """Return how the settings say that the store is reached."""
    return S3Config(
        endpoint_url=settings.s3_endpoint_url,
        public_endpoint_url=settings.s3_public_endpoint_url,
        bucket_prefix=settings.s3_bucket_prefix,
        folder=settings.s3_folder,
    )
