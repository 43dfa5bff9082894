"""What a WSGI server imports: ``gunicorn wsgi:app``."""

from catalog.app.web import create_app
from catalog.house import open_house
from catalog.settings import read_settings

app = create_app(open_house(read_settings()))
