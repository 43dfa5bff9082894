"""What is made of a version beside its thumbnails: one module for each maker, one line for each in ``table``.

A maker chooses files in the worker (``choose``, pure) and makes its derivatives in a limited child (``task``), as files
in a folder that it is given. The job ``catalog.media.details`` lays the files out, runs what is missing, checks what
came out and keeps it. To add a maker:

1. name its ``PreviewKind`` and each ``Derivative`` in ``catalog.media.vocabulary``, and join them in ``DERIVATIVES``;
2. write a module here with ``make(paths, out, scratch, studio) -> list[Made]``, which runs in the child only and may
   import what it needs; refuse with ``InvalidInput`` what has nothing to show, with a reason that people can read;
3. enter it in ``table.MAKERS``.
"""
