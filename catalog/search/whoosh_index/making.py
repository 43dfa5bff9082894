"""A process that makes segments: ``python -m catalog.search.whoosh_index.making FOLDER``.

It reads lists from its input: documents, of which it writes a segment into the folder, or segments, which it copies
into one. It answers with the segment, or with what was in the way. It ends with its input, so none outlives the process
that builds an index (``building``).
"""

from __future__ import annotations

import gc
import pickle
import signal
import sys
from pathlib import Path

from catalog.search.port import Document
from catalog.search.whoosh_index.codec import ArraySegment, read_contents
from catalog.search.whoosh_index.contents import merged
from catalog.search.whoosh_index.gathering import Gathering, Spelled
from catalog.search.whoosh_index.schema import INDEX
from catalog.search.whoosh_index.storage import CHECKSUM, SEGMENT, DurableStorage


def main() -> None:
    """Make segments until nothing more is given."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever builds is told, and closes the input
    gc.disable()  # documents and words refer to nothing in circles, and there are millions to look through
    storage, spelled = DurableStorage(Path(sys.argv[1])), Spelled()
    while True:
        try:
            given = pickle.load(sys.stdin.buffer)  # noqa: S301 — from the process that started this one
        except EOFError:
            return
        try:
            answer: ArraySegment | Exception
            merging = isinstance(given[0], ArraySegment)
            answer = _merged(storage, given) if merging else _made(storage, given, spelled)
            del given  # before the next are read
        except Exception as error:  # noqa: BLE001 — whatever it is, whoever builds raises it
            answer = error
        pickle.dump(answer, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        if spelled.full:
            spelled = Spelled()


def _made(storage: DurableStorage, documents: list[Document], spelled: Spelled) -> ArraySegment:
    gathering = Gathering(spelled)
    for document in documents:
        gathering.add(document)
    made = ArraySegment(INDEX, len(documents))
    storage.save(made.make_filename(SEGMENT), gathering.contents().arrays())
    return made


def _merged(storage: DurableStorage, segments: list[ArraySegment]) -> ArraySegment:
    """Copy segments that nobody reads yet into one, and remove them."""
    parts = [(read_contents(storage, each), each.alive()) for each in segments]
    made = ArraySegment(INDEX, sum(each.count for each in segments))
    storage.save(made.make_filename(SEGMENT), merged(parts))
    for each in segments:
        for ending in (SEGMENT, SEGMENT + CHECKSUM):
            storage.delete_file(each.make_filename(ending))
    return made


if __name__ == "__main__":
    main()
