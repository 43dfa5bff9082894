"""The search index on disk: Whoosh keeps words and columns durably, numpy answers from them.

A segment never changes. It is one file of arrays: words with the documents and places where they stand, what documents
are counted under, their ranks in every order. Each process maps it and computes with the arrays in place, so a query is
some operations on them, and only who is dead or visible is kept per process. Whoosh keeps the table of contents and,
through ``codec``, reads the same files with its own matchers.

Nothing else in the catalogue imports Whoosh, and only names are used that ``whoosh==2.7.4`` has too.

Two things of Whoosh are never used because they give wrong answers: ``Searcher.refresh()``, ``Index.reader(reuse=…)``.
The files are pickles: whoever can write the folder can run code, so it is readable by its owner alone.

Start at ``index.py``; then ``contents.py`` with ``postings.py`` and ``grouping.py`` for what is kept, ``snapshot.py``,
``evaluation.py`` and ``ordering.py`` for reading, ``writing.py`` for writing, ``folder.py`` for what lies where.
"""
