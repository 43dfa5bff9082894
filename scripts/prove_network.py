#!/usr/bin/env python3
"""Start the catalogue for colleagues and be one of them; prove what they can do, and what nobody can reach.

``scripts/prove_network.py [--quick]``. The catalogue runs with ``--host`` in a network of its own; from a second one a
colleague signs in, searches, opens an asset and its picture, publishes a folder with a file that travels in parts, and
pulls it again. Then every port is tried: but for the web and S3 none is open, and S3 gives nobody anything without a
signature. ``--quick`` tries one address instead of two. Needs no root where users may have namespaces; leaves nothing
behind. Exit code 1 where a promise did not hold.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import selectors
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import requests

from catalog.client import Client
from scripts import namespaces
from scripts.installation import Installation
from scripts.made_files import noisy_png, write_large, write_tree
from scripts.witnesses import report

CODE = "prp_fromAfar"
LARGE_BYTES = 66 * 2**20
EVERYWHERE = "0.0.0.0"  # noqa: S104 — what a studio gives to --host
PORTS = range(1, 65_536)
AT_ONCE = 400
TRIED_WITHIN_S = 5.0
COLLEAGUE_WITHIN_S = 400.0
FORBIDDEN = 403
SEE_OTHER = 303
OK = 200
PICTURE = "tex/picture.png"


def main() -> None:
    """Run the proof and say what held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one address only")
    parser.add_argument("--as-colleague", metavar="FOLDER", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.as_colleague:
        print(json.dumps(visit(json.load(sys.stdin), arguments.as_colleague)))
        return
    why = namespaces.objection(namespaces.Own.NETWORK)
    if why:
        sys.exit(why)
    namespaces.enter(namespaces.Own.NETWORK)
    hosts = [namespaces.HERE] if arguments.quick else [namespaces.HERE, EVERYWHERE]
    seen = {host: prove(host) for host in hosts}
    sys.exit(report(seen, [f"--host {host}: {flaw}" for host, found in seen.items() for flaw in found.pop("flaws")]))


def prove(host: str) -> dict[str, Any]:
    """Run the catalogue at an address and let a colleague visit it."""
    with TemporaryDirectory() as name, namespaces.colleague() as there:
        folder = Path(name)
        with Installation(folder / "data", host=host) as installation:
            told = {
                "url": f"http://{namespaces.HERE}:{urlsplit(installation.url).port}",
                "token": installation.token,
                "password": (installation.folder / "secrets" / "admin_password").read_text().strip(),
                "ports": json.loads((installation.folder / "store" / "ports.json").read_text()),
                "bucket": f"{installation.environment.get('CATALOG_S3_BUCKET_PREFIX', 'catalog-')}originals",
            }
            visited = subprocess.run(
                there.command(sys.executable, __file__, "--as-colleague", str(folder / "there")),
                input=json.dumps(told),
                stdout=subprocess.PIPE,
                text=True,
                env={**installation.command_environment, "CATALOG_CACHE": str(folder / "cache")},
                timeout=COLLEAGUE_WITHIN_S,
                check=False,
            )
            if visited.returncode:
                return {"flaws": [f"the colleague gave up with exit code {visited.returncode}"]}
            found: dict[str, Any] = json.loads(visited.stdout)
            return found


def visit(told: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Do everything that a colleague does; return figures and what went wrong."""
    flaws = [*publish_and_pull(told, folder), *browse(told)]
    flaws += anonymous_s3(told)
    open_ports = sorted(scan(urlsplit(told["url"]).hostname or ""))
    meant = sorted([urlsplit(told["url"]).port or 0, told["ports"]["public"]])
    if open_ports != meant:
        named = {port: name for name, port in told["ports"].items()}
        flaws.append(f"ports {[(port, named.get(port)) for port in open_ports]} are open, {meant} should be")
    return {"open_ports": open_ports, "tried_ports": len(PORTS), "flaws": flaws}


def publish_and_pull(told: dict[str, Any], folder: Path) -> Iterator[str]:
    """Publish a folder with a file in parts, straight to the store, and pull it again."""
    client = Client(told["url"], token=told["token"])
    tree = write_tree(folder / "work", {PICTURE: noisy_png(300, seed=1), "empty.txt": b""})
    tree["cache/sim.bin"] = write_large(folder / "work" / "cache" / "sim.bin", LARGE_BYTES, seed=1)
    draft = client.versions.draft(
        client.assets.register(code="prp_address", name="Address", kind="prop").code,
        files=[{"path": "a.txt", "sha256": hashlib.sha256(b"a").hexdigest(), "size_bytes": 1}],
    )
    (upload,) = client.versions.uploads("prp_address", draft.version.number)
    address = urlsplit(upload.requests[0].url)
    if (address.hostname, address.port) != (urlsplit(told["url"]).hostname, told["ports"]["public"]):
        yield f"uploads go to {address.netloc}, which is not the store's public address"
    version = client.versions.publish(CODE, folder / "work", name="From afar", kind="prop", wait=True)
    if version.status != "published":
        yield f"the published version is {version.status}"
    pulled = client.assets.pull(CODE, to=folder / "pulled")
    for path, digest in tree.items():
        if hashlib.sha256((pulled.folder / path).read_bytes()).hexdigest() != digest:
            yield f"{path} was pulled with other bytes"


def browse(told: dict[str, Any]) -> Iterator[str]:
    """Sign in as a browser does, search, open the asset and its picture, download an original."""
    session, url = requests.Session(), told["url"]
    page = session.get(f"{url}/sign-in", timeout=60).text
    if session.get(f"{url}/assets/{CODE}", allow_redirects=False, timeout=60).status_code == OK:
        yield "pages are shown to people who are not signed in"
    form = {"login": "admin", "password": told["password"], "next": "/", "csrf_token": csrf_of(page)}
    signed = session.post(f"{url}/sign-in", data=form, allow_redirects=False, timeout=60)
    if signed.status_code != SEE_OTHER:
        yield f"signing in answers {signed.status_code}"
        return
    if f"/assets/{CODE}" not in session.get(f"{url}/assets", params={"q": "afar"}, timeout=60).text:
        yield "the search page does not show the asset"
    asset = session.get(f"{url}/assets/{CODE}", timeout=60).text
    pictures = re.findall(r'src="(/previews/[0-9a-f]{64})"', asset)
    if not pictures or session.get(url + pictures[0], timeout=60).headers["Content-Type"] != "image/webp":
        yield "the asset page shows no picture"
    version = f"{url}/assets/{CODE}/versions/1"
    form = {"path": PICTURE, "csrf_token": csrf_of(session.get(version, timeout=60).text)}
    original = session.post(f"{version}/download", data=form, timeout=60)
    if original.content != noisy_png(300, seed=1):
        yield f"the download of the version's page answers {original.status_code} and other bytes"


def csrf_of(page: str) -> str:
    """Return the token of a page's form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    return found[1] if found else ""


def anonymous_s3(told: dict[str, Any]) -> Iterator[str]:
    """Ask S3 for everything without a signature, and with one that is for something else."""
    store = f"http://{urlsplit(told['url']).hostname}:{told['ports']['public']}"
    bucket = told["bucket"]
    asked = [
        ("GET", "/", b""),
        ("GET", f"/{bucket}", b""),
        ("GET", f"/{bucket}?list-type=2", b""),
        ("GET", f"/{bucket}?policy", b""),
        ("GET", f"/{bucket}/sha256/", b""),
        ("PUT", f"/{bucket}/incoming/mine", b"mine"),
        ("PUT", "/bucket-of-mine", b""),
        ("POST", f"/{bucket}?delete", b"<Delete/>"),
        ("DELETE", f"/{bucket}", b""),
    ]
    for method, path, body in asked:
        answer = requests.request(method, store + path, data=body, timeout=60)
        if answer.status_code != FORBIDDEN:
            yield f"S3 answers {answer.status_code} to an anonymous {method} {path}"
    client = Client(told["url"], token=told["token"])
    (upload,) = client.versions.uploads("prp_address", 1)
    (step,) = upload.requests
    stolen = step.url.replace("incoming/", "sha256/")
    forged = step.url[:-1] + ("0" if step.url[-1] != "0" else "1")
    for other in (stolen, forged):
        if requests.put(other, data=b"a", headers=step.headers, timeout=60).status_code != FORBIDDEN:
            yield "S3 takes an upload whose address was changed"
    other_bytes = requests.put(step.url, data=b"b", headers=step.headers, timeout=60)
    if other_bytes.ok:
        yield "S3 takes other bytes than were declared"


def scan(host: str) -> Iterator[int]:
    """Yield every TCP port of a host that takes a connection."""
    for first in range(PORTS.start, PORTS.stop, AT_ONCE):
        with ExitStack() as held, selectors.DefaultSelector() as waiting:
            for port in range(first, min(first + AT_ONCE, PORTS.stop)):
                knocking = held.enter_context(socket.socket())
                knocking.setblocking(False)
                knocking.connect_ex((host, port))
                waiting.register(knocking, selectors.EVENT_WRITE, (port, knocking))
            while waiting.get_map() and (answered := waiting.select(TRIED_WITHIN_S)):
                for port, knocking in (key.data for key, _ in answered):
                    waiting.unregister(knocking)
                    if knocking.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                        yield port


if __name__ == "__main__":
    main()
