"""Opening the stores that the settings name."""

import subprocess
import sys
from pathlib import Path

from catalog.settings import read_settings
from catalog.storage.opening import open_stores, s3_config

ROOT = Path(__file__).resolve().parents[3]


def test_the_settings_say_where_the_store_is_and_for_whom_addresses_are_signed() -> None:
    settings = read_settings(
        s3_endpoint_url="http://127.0.0.1:8333", s3_public_endpoint_url="http://s3.example", s3_bucket_prefix="studio-"
    )

    config = s3_config(settings)

    assert (config.endpoint_url, config.public_endpoint_url) == ("http://127.0.0.1:8333", "http://s3.example")
    assert open_stores(settings).name == "s3:studio-"


def test_without_a_public_endpoint_bytes_are_relayed() -> None:
    assert open_stores(read_settings(s3_endpoint_url="http://127.0.0.1:8333")).handover is None


def test_opening_stores_sends_nothing_and_loads_no_s3_library() -> None:
    program = (
        "import sys\n"
        "from catalog.settings import read_settings\n"
        "from catalog.storage.opening import open_stores\n"
        "open_stores(read_settings(s3_endpoint_url='http://127.0.0.1:1'))\n"
        "print('botocore' in sys.modules)\n"
    )

    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, text=True)

    assert said.stdout == "False\n"
