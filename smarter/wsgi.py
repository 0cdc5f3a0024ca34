"""The WSGI entry point of servers. It refuses to start with settings that are unsafe where others reach it."""

import gc
import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from smarter.checks import missing_preparation, unsafe_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarter.settings")

if faults := [*(finding.msg for finding in unsafe_settings()), *missing_preparation()]:
    raise ImproperlyConfigured("\n".join(["Smarter does not start like this.", *faults]))

application = get_wsgi_application()
# Every page's code and address now: where gunicorn preloads, workers begin with them, and what can't be imported is
# known at once.
reverse("candidates:home")
# All that lives as long as the process: the collector need not go through it again, and forked workers share it.
gc.freeze()
gc.set_threshold(10_000, 20, 20)
