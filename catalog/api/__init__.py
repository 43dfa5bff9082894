"""The HTTP door, ``/api/v1``: bearer tokens only, JSON in and out, problems as RFC 9457.

One typed table of operations feeds the routes, OpenAPI, the client and the CLI. Start at ``operation.py`` (what an
operation is), then ``table.py`` (all of them), then ``blueprint.py`` (how a request becomes a call).
"""
