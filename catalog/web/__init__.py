"""The door for people: pages that work without JavaScript, for whoever is signed in.

Keeps no state but the session cookie. Promises that a page shows what its viewer may know of and nothing else, that
every change is a POST with a CSRF token, and that nothing is loaded from elsewhere. Start at ``table.py`` (every page
there is), then ``blueprint.py`` (how a request becomes a call), ``sessions.py`` (who is asking) and ``search.py`` or
``assets.py`` (pages).
"""
