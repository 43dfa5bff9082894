"""Custom fields: what a studio records of its assets besides what every catalog knows.

An administrator defines a field once: its name stays for good, its sort of value too. Assets carry the values, and a
field that is retired keeps them: it is shown and searched no longer, and comes back with all it had. Start at
``defining.py``; ``values.py`` says what a value may be.
"""
