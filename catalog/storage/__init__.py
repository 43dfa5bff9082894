"""Blobs: immutable bytes in an object store, and the table that says which of them a worker has seen to be right.

Promises that bytes under a blob's own key have the digest which the key names, that nobody but this house ever writes
there, that every act may be repeated after a crash, and that a row is entered only after its bytes. Refuses to know
assets, versions or people: digests, keys and sizes come in by argument. Start at ``port.py``, which tells how bytes
come in and go out, then ``custody.py`` and ``blobs.py``; ``memory.py`` and ``s3`` are the stores.
"""
