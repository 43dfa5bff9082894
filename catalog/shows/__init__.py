"""Shows: the productions that assets are made for, each with an audience.

A private show hides itself and the assets that are at home in it from everybody outside its groups. Start at
``registry.py``.
"""
