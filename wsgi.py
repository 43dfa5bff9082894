"""What a WSGI server imports: ``gunicorn wsgi:app``."""

from catalog.app.web import create_app
from catalog.house import open_house
from catalog.kernel.logs import write_logs
from catalog.settings import read_settings

settings = read_settings()
write_logs(settings.log_format)
app = create_app(open_house(settings))
