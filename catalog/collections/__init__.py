"""Collections: ordered, annotated lists of assets that people keep, share and take along.

A collection is its owner's alone until it is shared with users, groups or the studio. Being in one opens no asset: of
each collection a viewer sees those items whose assets they may know of, and neither the number nor the place of any
other. Start at ``keeping.py`` (collections) and ``collecting.py`` (their items).

Saved searches live here, too: start at ``saving.py``, and at ``watching.py`` for how they tell what is new.
"""
