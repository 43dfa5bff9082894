"""What a WSGI server imports: ``gunicorn wsgi:app``."""

import sys

from catalog.app.web import create_app
from catalog.house import open_house
from catalog.kernel.errors import CatalogError
from catalog.kernel.logs import write_logs
from catalog.settings import read_settings

CANNOT_LOAD = 4
"""The exit code by which gunicorn knows that starting this process again would not help."""

try:
    settings = read_settings()
    write_logs(settings.log_format)
    app = create_app(open_house(settings))
except CatalogError as error:
    sys.stderr.write(f"{error.message}\n")
    sys.exit(CANNOT_LOAD)
