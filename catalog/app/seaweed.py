"""The embedded object store: SeaweedFS as a child process, in one folder of the data folder.

::

    DIR/store/            0700
      credentials.json    0600  the access key of the catalogue; made once
      security.toml       0600  keys with which the parts of SeaweedFS trust each other; made once
      ports.json                where it listened last, so that it listens there again
      lock                      held by whoever runs it, and by SeaweedFS itself
      objects/                  the bytes
      tmp/

Only loopback addresses are bound: besides S3, which checks every request, SeaweedFS opens ports that trust whoever can
reach them. Their HTTP doors are closed (``-disableHttp``, and keys in ``security.toml``); their gRPC ports stay open to
processes of this machine, so the embedded store is for a machine whose accounts are trusted. For other machines a
forwarder opens the S3 port alone. Telemetry, which SeaweedFS sends by default, is off.
"""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import secrets
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalog.app import loopback
from catalog.app.children import Child, Program
from catalog.app.forwarder import Address
from catalog.app.installation import PRIVATE_FOLDER, write_privately
from catalog.app.reporting import last_words
from catalog.kernel.errors import Conflict, InvalidInput, Unavailable

ROOT = Path(__file__).resolve().parents[2]
WEED = Path(sys.executable).with_name("weed")
LOOPBACK = "127.0.0.1"
REGION = "us-east-1"
PUBLIC_PORT = 8333
"""Where other machines find S3, if it is free: the port that SeaweedFS is known for."""
DOORS = ("s3", "s3_grpc", "master", "master_grpc", "volume", "volume_grpc", "filer", "filer_grpc", "admin")
LOCKED_WITHIN_S = 10.0
ANSWERS_WITHIN_S = 30.0
STOPS_WITHIN_S = 5.0
_SECURITY = """# Made at the first start; read by SeaweedFS from its working folder.
[jwt.signing]
key = "{}"
[jwt.signing.read]
key = "{}"
[jwt.filer_signing]
key = "{}"
[jwt.filer_signing.read]
key = "{}"
[filer.expose_directory_metadata]
enabled = false
[access]
ui = false
"""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """With what requests to the store are signed."""

    access_key_id: str
    secret_access_key: str = field(repr=False)


class EmbeddedStore:
    """One SeaweedFS in one folder. ``start`` and ``stop`` may be repeated; a supervisor starts ``programs`` itself."""

    def __init__(
        self,
        *,
        folder: Path,
        log: Path,
        public_host: str | None = None,
        advertised_host: str | None = None,
        web_origins: Iterable[str] = (),
        locked_within_s: float = LOCKED_WITHIN_S,
    ) -> None:
        """Open the store in ``folder``, making what is not there, and keep others from running it.

        With ``public_host`` other machines reach S3 at that address; ``advertised_host`` is how they call it, where
        that is not the same (``0.0.0.0`` is nobody's name). Pages of ``web_origins`` may send to buckets that have no
        rules of their own. Raises ``Conflict`` where another process
        still runs the store after ``locked_within_s``, ``InvalidInput`` for a
        ``public_host`` that is not an address of this machine.
        """
        self.folder = folder
        self.log = log
        self.web_origins = tuple(web_origins)
        self.children: list[Child] = []
        for made in (folder, folder / "objects", folder / "tmp"):
            made.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        folder.chmod(PRIVATE_FOLDER)
        self.lock = _lock(folder / "lock", locked_within_s)
        try:
            self.credentials = _credentials(folder / "credentials.json")
            if not (folder / "security.toml").exists():
                write_privately(folder / "security.toml", _SECURITY.format(*(secrets.token_hex(32) for _ in range(4))))
            kept = _read_json(folder / "ports.json")
            _remove_sockets(kept)
            self.ports = loopback.free_ports(DOORS, {name: port for name, port in kept.items() if name in DOORS})
            self.public = _public(public_host, kept.get("public", PUBLIC_PORT))
            self.advertised_host = advertised_host or public_host or LOOPBACK
            chosen = {**self.ports, **({"public": self.public.port} if self.public else {})}
            if chosen != kept:
                write_privately(folder / "ports.json", json.dumps(chosen) + "\n")
        except BaseException:
            os.close(self.lock)
            raise

    @property
    def endpoint_url(self) -> str:
        """Where this machine reaches S3."""
        return f"http://{LOOPBACK}:{self.ports['s3']}"

    @property
    def public_endpoint_url(self) -> str:
        """Where clients reach S3: what addresses are signed for."""
        if self.public is None:
            return self.endpoint_url
        return f"http://{Address(host=self.advertised_host, port=self.public.port)}"

    def environment(self) -> dict[str, str]:
        """Return the settings with which the catalogue uses this store."""
        return {
            "CATALOG_S3_ENDPOINT_URL": self.endpoint_url,
            "CATALOG_S3_PUBLIC_ENDPOINT_URL": self.public_endpoint_url,
            "AWS_ACCESS_KEY_ID": self.credentials.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.credentials.secret_access_key,
            "AWS_REGION": REGION,
            "CATALOG_S3_FOLDER": str(self.folder / "objects"),
        }

    def programs(self) -> tuple[Program, ...]:
        """Return what is to run: the store, and the forwarder where other machines are to reach it."""
        store = Program(
            name="store",
            command=(str(WEED), "-logtostderr=true", "mini", *self._options()),
            environment={
                "AWS_ACCESS_KEY_ID": self.credentials.access_key_id,
                "AWS_SECRET_ACCESS_KEY": self.credentials.secret_access_key,
                # Without a limit it takes a gigabyte for one large upload.
                "GOMEMLIMIT": "300MiB",
                "GOGC": "50",
                # It reads settings from the home folder, and those would be somebody else's.
                "HOME": str(self.folder),
                "TMPDIR": str(self.folder / "tmp"),
            },
            folder=self.folder,
            log=self.log,
            descriptors=(self.lock,),
        )
        if self.public is None:
            return (store,)
        forwarder = Program(
            name="forwarder",
            command=(
                *(sys.executable, "-P", "-m", "catalog.app.forwarder", str(self.public)),
                str(Address(host=LOOPBACK, port=self.ports["s3"])),
            ),
            environment={"PYTHONPATH": str(ROOT)},
            folder=ROOT,
            log=self.log.with_name("forwarder.log"),
        )
        return store, forwarder

    def start(self, within_s: float = ANSWERS_WITHIN_S) -> None:
        """Start the store and wait until it takes objects; ``Unavailable`` with its last words where it does not.

        Call it in the main thread: the kernel ends the store when the thread that started it ends.
        """
        self.tidy()
        self.children = [Child(program=program) for program in self.programs()]
        for child in self.children:
            child.start()
        deadline = time.monotonic() + within_s
        while not self.answers():
            dead = [child.program for child in self.children if not child.alive]
            if dead or time.monotonic() > deadline:
                self.stop(within_s=0)
                what = f"{dead[0].name} ended" if dead else f"store does not answer after {within_s:g} s"
                raise Unavailable(f"the {what}: {last_words((dead[0] if dead else self.programs()[0]).log)}")
            time.sleep(0.02)

    def answers(self) -> bool:
        """Whether S3 answers. SeaweedFS opens that door last, so that objects can be stored from then on."""
        connection = http.client.HTTPConnection(LOOPBACK, self.ports["s3"], timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self, within_s: float = STOPS_WITHIN_S) -> None:
        """End it, by force when the time is up; no object that was acknowledged is lost by that. Safe to run twice."""
        for child in reversed(self.children):
            child.stop(within_s)
        self.children = []
        self.tidy()

    def close(self) -> None:
        """Let others run it."""
        self.stop()
        if self.lock >= 0:
            os.close(self.lock)
            self.lock = -1

    def tidy(self) -> None:
        """Remove the sockets that SeaweedFS leaves in the temporary folder. Call it only while it does not run."""
        _remove_sockets(self.ports)
        for name in ("filer.sock", "s3.sock"):
            (self.folder / name).unlink(missing_ok=True)

    def _options(self) -> Sequence[str]:
        ports = self.ports
        return (
            "-dir=objects",
            f"-ip={LOOPBACK}",
            f"-ip.bind={LOOPBACK}",
            "-disableHttp",
            "-webdav=false",
            "-admin.ui=false",
            f"-admin.port={ports['admin']}",
            f"-master.port={ports['master']}",
            f"-master.port.grpc={ports['master_grpc']}",
            "-master.telemetry=false",
            "-master.electionTimeout=1s",
            "-master.heartbeatInterval=100ms",
            # There is one master, so it need not remember who was elected; while it tries to, volumes are refused and
            # objects cannot be read for seconds.
            "-master.resumeState=false",
            "-master.volumeSizeLimitMB=1024",
            f"-volume.port={ports['volume']}",
            f"-volume.port.grpc={ports['volume_grpc']}",
            # The disk is the limit. By default there are as many volumes as whole gigabytes free, and on a small disk
            # the first bucket takes them all.
            "-volume.max=100000",
            "-volume.preStopSeconds=0",
            f"-filer.port={ports['filer']}",
            f"-filer.port.grpc={ports['filer_grpc']}",
            "-filer.localSocket=filer.sock",
            f"-s3.port={ports['s3']}",
            f"-s3.port.grpc={ports['s3_grpc']}",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-s3.iam=false",
            "-s3.localSocket=s3.sock",
            # A bucket made by an upload would lack what `prepare` gives it.
            "-s3.autoCreateBucket=false",
            "-s3.allowDeleteBucketNotEmpty=false",
            f"-s3.allowedOrigins={','.join(self.web_origins) or self.endpoint_url}",
        )


def _lock(path: Path, within_s: float) -> int:
    """Hold the folder. SeaweedFS inherits the lock, so one that is still dying holds it, too."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + within_s
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(lock)
                raise Conflict(
                    f"another process runs the object store in {path.parent}; stop it first", code="already-running"
                ) from None
            time.sleep(0.05)


def _credentials(path: Path) -> Credentials:
    kept = _read_json(path)
    if not kept:
        kept = {"access_key_id": f"reprise{secrets.token_hex(8)}", "secret_access_key": secrets.token_urlsafe(32)}
        write_privately(path, json.dumps(kept) + "\n")
    return Credentials(access_key_id=str(kept["access_key_id"]), secret_access_key=str(kept["secret_access_key"]))


def _public(host: str | None, preferred: int) -> Address | None:
    if host is None:
        return None
    try:
        return Address(host=host, port=loopback.free_port(host, preferred))
    except OSError as error:
        raise InvalidInput(
            f"cannot listen at {host!r} ({error.strerror or error}); give --host an address of this machine",
            code="bad-host",
        ) from error


def _read_json(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return kept if isinstance(kept, dict) else {}
    except (OSError, ValueError):  # not there, or a crash left half of it
        return {}


def _remove_sockets(ports: Mapping[str, int]) -> None:
    """Remove what SeaweedFS puts into the temporary folder, whatever it is told, and leaves there."""
    named = {role: ports.get(f"{role}_grpc", 0) for role in ("master", "volume", "filer", "s3")}
    named["admin"] = ports.get("admin", 0) + loopback.GRPC_ABOVE
    for role, port in named.items():
        with suppress(OSError):
            Path(f"/tmp/seaweedfs-{role}-grpc-{port}.sock").unlink(missing_ok=True)  # noqa: S108 — SeaweedFS's choice
