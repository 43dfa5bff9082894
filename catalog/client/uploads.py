"""Bringing bytes straight to the store: in parallel, only what is missing, going on where it stopped.

The server hands out signed requests page by page, for what has not arrived. They live an hour; whatever could not be
sent under an old one is simply asked for again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, BinaryIO

from catalog.client.connection import AGAIN
from catalog.client.crew import Meter, Stopped, Tell, share
from catalog.client.digests import Digest, changed, digest_of
from catalog.client.errors import Conflict, Unavailable

if TYPE_CHECKING:
    import requests

    from catalog.client.answers.versions import Transfer, Upload
    from catalog.client.connection import Connection
    from catalog.client.listing import Listing
    from catalog.client.trees import LocalFile

THREADS = 4
TRIES = 5
FRUITLESS_MAX = 3
PAGE = 200
STEPS_MAX = 1_000
"""So many parts of a file one answer lists at most."""
_THERE_ALREADY = 412
_FORBIDDEN = 403
_UNAVAILABLE = 503
_OUT_OF_TIME = frozenset({"", "ExpiredToken", "RequestTimeTooSkewed", "RequestExpired"})
"""What stores call a request that has expired; some say nothing, and others ``AccessDenied`` with words."""
_USED_UP = "QuotaExceeded"
_FAULTS = range(400, 500)
_SHOWN = 300
_BROKEN = 500


@dataclass(frozen=True)
class Source:
    """Where the bytes of a digest are on this machine."""

    file: LocalFile
    digest: Digest


@dataclass(frozen=True)
class Said:
    """What the store answered: ``code`` is S3's word for what was wrong, ``words`` are for people."""

    status: int
    code: str = ""
    words: str = ""

    @property
    def is_there(self) -> bool:
        """Whether it has the bytes."""
        return self.status < _FAULTS.start or self.status == _THERE_ALREADY

    @property
    def is_late(self) -> bool:
        """Whether the request was too old; one that is asked for anew may go."""
        return self.status == _FORBIDDEN and (self.code in _OUT_OF_TIME or "expired" in self.words.lower())

    @property
    def is_final(self) -> bool:
        """Whether asking again changes nothing: credentials, policies and quotas are for whoever runs the store."""
        return self.code == _USED_UP or (self.status == _FORBIDDEN and not self.is_late)

    @property
    def is_fault(self) -> bool:
        """Whether it found other bytes than were declared, or will not have them."""
        return self.status in _FAULTS and self.status not in (*AGAIN, 408, 409)


class Slice:
    """A stretch of a file that ``requests`` reads like a file of its own; ends with ``Stopped`` when all are to end."""

    def __init__(self, opened: BinaryIO, size_bytes: int, stop: Event, meter: Meter) -> None:
        self._opened = opened
        self._left = self._size = size_bytes
        self._stop = stop
        self._meter = meter

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read(2**20):
            yield chunk

    @property
    def sent(self) -> int:
        """How many bytes were read so far."""
        return self._size - self._left

    def read(self, amount: int = -1) -> bytes:
        """Return the next bytes; ``EOFError`` where the file has become shorter."""
        if self._stop.is_set():
            raise Stopped
        wanted = self._left if amount < 0 else min(amount, self._left)
        chunk = self._opened.read(wanted)
        if len(chunk) < wanted:
            raise EOFError
        self._left -= wanted
        self._meter.advance(wanted)
        return chunk


class Sender:
    """Sends what a version still needs. ``sources`` tells where the bytes of each digest are."""

    def __init__(self, connection: Connection, sources: Mapping[str, Source], tell: Tell | None, total: int) -> None:
        self._connection = connection
        self._sources = sources
        self._meter = Meter(tell, "uploading", total)
        self.sent_bytes = 0

    def send(self, uploads: Listing[Upload]) -> None:
        """Send everything that is listed. ``Conflict`` where a file is not what was declared any more."""
        cursor, fruitless = None, 0
        while True:
            page = uploads.page(limit=PAGE, cursor=cursor)
            requests = list(_requests(page.items))
            arrived = sum(share(self._send, requests, THREADS))
            if arrived == len(requests) and all(len(upload.requests) < STEPS_MAX for upload in page.items):
                if page.next_cursor is None:
                    self._meter.finish()
                    return
                cursor, fruitless = page.next_cursor, 0
                continue
            # The page is asked for again, under the same cursor, until nothing of it is missing: that renews what has
            # expired, and brings the rest of a file with more parts than one answer lists.
            fruitless = 0 if arrived else fruitless + 1
            if fruitless == FRUITLESS_MAX:
                raise Unavailable(
                    "the store refuses every upload as expired; is the clock of this machine or of the server wrong?",
                    code="uploads-refused",
                )

    def _send(self, task: tuple[Upload, Transfer], stop: Event) -> int:
        """Send one request and return whether its bytes have arrived (1), or it has to be asked for anew (0)."""
        upload, transfer = task
        source = self._sources[upload.sha256]
        for number in range(TRIES):
            if stop.wait(0 if number == 0 else min(0.5 * 2**number, 8.0)):
                raise Stopped
            if not source.file.is_as_it_was():
                _check(source, stop)
            try:
                said = self._put(source, transfer, stop)
            except Unavailable as refusal:
                said = Said(_UNAVAILABLE, words=refusal.message)
            if said.is_there:
                self.sent_bytes += transfer.size_bytes
                return 1
            if said.is_final:
                break
            if said.is_late:
                return 0
            if said.is_fault:
                _check(source, stop)  # reading again says which
        raise Unavailable(
            f"{source.file.source} could not be uploaded: {said.words}; publish again, it goes on where it stopped",
            code="upload-failed",
        )

    def _put(self, source: Source, transfer: Transfer, stop: Event) -> Said:
        with source.file.source.open("rb") as opened:
            opened.seek(transfer.offset_bytes)
            body = Slice(opened, transfer.size_bytes, stop, self._meter)
            arrived = False
            try:
                # An empty stream would be sent in chunks, which stores refuse; no body at all has the length 0.
                content = body if transfer.size_bytes else None
                with self._connection.fetch(
                    transfer.method, transfer.url, headers=transfer.headers, content=content
                ) as answer:
                    said = _said(answer)
                    arrived = said.is_there
                    return said
            except EOFError as error:
                raise changed(source.file) from error
            finally:
                self._meter.advance(transfer.size_bytes - body.sent if arrived else -body.sent)


def _said(answer: requests.Response) -> Said:
    """What the store says, which S3 wraps into XML; and what it most often means where it failed."""
    code, message = (re.search(f"<{name}>([^<]*)</{name}>", answer.text) for name in ("Code", "Message"))
    said = f"{code[1]}: {message[1]}" if code and message else answer.text[:_SHOWN].strip()
    failed = "; most often its disk is full or a quota used up, and whoever runs it has to make room"
    words = f"the store answers {answer.status_code} {said}{failed if answer.status_code >= _BROKEN else ''}"
    return Said(answer.status_code, code[1] if code else "", words)


def _requests(uploads: list[Upload]) -> Iterator[tuple[Upload, Transfer]]:
    for upload in uploads:
        for transfer in upload.requests:
            yield upload, transfer


def _check(source: Source, stop: Event) -> None:
    """Read a file again; ``Conflict`` where it is not what it was."""
    try:
        found = digest_of(source.file, stop)
    except Conflict:
        # Its times moved; what counts is whether its bytes did.
        found = _digest_now(source, stop)
    if found != source.digest:
        raise changed(source.file)


def _digest_now(source: Source, stop: Event) -> Digest:
    try:
        present = source.file.source.stat()
    except OSError as error:
        raise changed(source.file) from error
    if present.st_size != source.file.size_bytes:
        raise changed(source.file)
    as_it_is = type(source.file)(source.file.path, source.file.source, present.st_size, present.st_mtime_ns)
    return digest_of(as_it_is, stop)
