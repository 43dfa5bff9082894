"""Makes any model small enough to be turned in a browser: fewer triangles, smaller pictures, packed by Draco.

``making`` begins with a glTF (``scene`` reads it, ``from_meshes`` and ``usd_to_glb`` make it of everything else), and
ends with a binary glTF in meters and Y up, of a bounded size. What moves (skins, morph targets, animations) stays.
"""
