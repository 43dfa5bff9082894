"""The demo studio: about 60 invented assets of one world, a night market in a harbor town below an orbital station.

Everything is made by code and says that it is invented; nobody was scanned. ``studio`` enters it through the public
client, ``library`` lists it; one module per family makes the files (``people``, ``creatures``, ``vehicles`` …) from
``shapes``, ``implicit`` and ``noise``, and ``gltf``, ``usd`` and ``writers`` write them. All lengths are meters, +Y up.
It runs in a program of its own (``catalog.app.seeding``), so that numpy ends with it.
"""
