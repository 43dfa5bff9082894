"""The search index on disk: Whoosh keeps words and columns durably, numpy answers from them.

Whoosh writes segments that never change, and posting lists; each process maps them and keeps small arrays per segment
(what a document is counted under, when it changed, what it is called), so that a query is some array operations.
Nothing else in the catalogue imports Whoosh, and only names are used that ``whoosh==2.7.4`` has too.

Two things of Whoosh are never used because they give wrong answers: ``Searcher.refresh()``, ``Index.reader(reuse=…)``.
The files are pickles: whoever can write the folder can run code, so it is readable by its owner alone.

Start at ``index.py``; then ``schema.py``, ``snapshot.py`` and ``evaluation.py`` for reading, ``writing.py`` for
writing, ``folder.py`` for what lies where on disk.
"""
