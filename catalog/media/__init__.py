"""Measured facts and pictures of files, which are never trusted.

Keeps, per content, what a tool read from exactly these bytes (``Fact``), what a person can act on (``Finding``), and
small WebP pictures; all of it is derived and can be dropped and rebuilt. Promises that no uploaded file is ever
opened in the process that asks: every reader and renderer runs in a limited child (``children``), and whatever such a
child does ends in an answer of the expected type or in one ``ChildFailed``.

Start reading at ``tasks`` (what a child can be asked), then ``children`` and ``confinement`` (how it is held),
``formats`` (what a file is by its content), ``readers`` (facts) and ``pictures``.
"""
