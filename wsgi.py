"""The web application for a WSGI server, opened by the settings of the environment: ``gunicorn wsgi:app``."""

from catalog.app.web import create_app, quiet
from catalog.house import open_house
from catalog.settings import read_settings

quiet()
app = create_app(open_house(read_settings()))
