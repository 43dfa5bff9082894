"""One reader per format: each takes a source and writes what it reads into a notebook.

A reader runs in a child only, trusts no length, count or path that stands in the file, follows no reference out of the
version's folder, and raises ``InvalidInput`` where the file cannot be read. Counts of models are of the scene as it is
placed: a mesh that stands in two places counts twice.
"""
