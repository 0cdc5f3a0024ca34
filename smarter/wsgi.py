"""The WSGI entry point of servers; `manage.py serve` uses it as well."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarter.settings")

application = get_wsgi_application()
