"""Assets, their versions, files, roots and relations: the registry.

Keeps what an asset is called, what was published of it and where its bytes are. Promises that a published version never
changes, that numbers are never used twice, that half a version is never visible to anyone, and that what a viewer may
not know of leaves no trace. Refuses to delete: assets are retired, versions withdrawn. Start at ``registry.py``
(entering assets), then ``drafting.py`` and ``publishing.py`` (versions), then ``queries.py``.
"""
