"""A process that makes segments: ``python -m catalog.search.whoosh_index.making FOLDER``.

It reads lists of documents from its input, writes each as a segment into the folder, and answers with the segment, or
with what was in the way. It ends with its input, so none outlives the process that builds an index (``building``).
"""

from __future__ import annotations

import gc
import pickle
import signal
import sys
from pathlib import Path

from catalog.search.port import Document
from catalog.search.whoosh_index.codec import ArraySegment
from catalog.search.whoosh_index.contents import gathered
from catalog.search.whoosh_index.schema import INDEX
from catalog.search.whoosh_index.storage import SEGMENT, DurableStorage


def main() -> None:
    """Make segments until there are no more documents."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever builds is told, and closes the input
    gc.disable()  # documents and words refer to nothing in circles, and there are millions to look through
    storage = DurableStorage(Path(sys.argv[1]))
    while True:
        try:
            documents = pickle.load(sys.stdin.buffer)  # noqa: S301 — from the process that started this one
        except EOFError:
            return
        try:
            answer: ArraySegment | Exception = _made(storage, documents)
        except Exception as error:  # noqa: BLE001 — whatever it is, whoever builds raises it
            answer = error
        pickle.dump(answer, sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _made(storage: DurableStorage, documents: list[Document]) -> ArraySegment:
    contents = gathered(documents)
    made = ArraySegment(INDEX, contents.count)
    storage.save(made.make_filename(SEGMENT), contents.arrays())
    return made


if __name__ == "__main__":
    main()
