"""The command line: ``catalog NOUN VERB``, the same nouns, verbs and arguments as REST and the Python client.

Commands are made from ``operations.json``, which ``scripts/generate_client`` writes from the table of operations, and
call the Python client; publish, pull, resolve, import and search are made by hand. ``catalog admin`` runs on the
server and opens the database itself. Start reading at ``program.py``. Nothing heavy is imported before a command
needs it.
"""
