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


def test_many_threads_may_be_the_first_to_use_the_store() -> None:
    program = (
        "import threading\n"
        "from catalog.kernel.errors import Unavailable\n"
        "from catalog.storage.s3.connection import S3Config\n"
        "from catalog.storage.s3.opening import open_stores\n"
        "config = S3Config(endpoint_url='http://127.0.0.1:1', public_endpoint_url='http://127.0.0.1:1',\n"
        "    bucket_prefix='a-', region='us-east-1', access_key_id='a', secret_access_key='b')\n"
        "stores = open_stores(config)\n"
        "together = threading.Barrier(8)\n"
        "def use(number):\n"
        "    together.wait()\n"
        "    if number % 2:\n"
        "        stores.handover.download('a', file_name='a', media_type='a/b')\n"
        "        return print('signed\\n', end='')\n"
        "    try:\n"
        "        stores.originals.find('a')\n"
        "    except Unavailable:\n"
        "        print('unavailable\\n', end='')\n"
        "threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]\n"
        "[thread.start() for thread in threads]\n"
        "[thread.join() for thread in threads]\n"
    )

    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, text=True)

    assert sorted(said.stdout.split()) == ["signed"] * 4 + ["unavailable"] * 4
