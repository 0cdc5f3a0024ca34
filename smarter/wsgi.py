"""The WSGI entry point of servers. It refuses to start with settings that are unsafe where others reach it."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from smarter.checks import unsafe_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarter.settings")

if findings := unsafe_settings():
    raise ImproperlyConfigured("\n".join(["Smarter does not start like this.", *(finding.msg for finding in findings)]))

application = get_wsgi_application()
