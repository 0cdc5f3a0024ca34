"""gunicorn for one server: gunicorn --config docs/deploy/gunicorn_settings.py smarter.wsgi

With --check-config before it, and the environment of the service, gunicorn says whether all of it can start.
"""

import multiprocessing

bind = "127.0.0.1:8000"
worker_class = "gthread"
workers = multiprocessing.cpu_count() + 1
threads = 4
# Loaded once, before workers are forked from it: a new one answers at once, and all share that memory. New code and
# new settings therefore need a restart, not a reload.
preload_app = True
# A worker that hangs is replaced; one request may take half a minute. A stop waits for requests under way.
timeout = 30
graceful_timeout = 25
keepalive = 15
# A fresh process now and then, not all at the same time.
max_requests = 5_000
max_requests_jitter = 1_000
# Heartbeats in memory: on a busy disk they would look like a hang.
worker_tmp_dir = "/dev/shm"  # noqa: S108  memory of the machine, and the service has its own
# One line a request comes from the application (smarter/logs.py), without addresses as they were typed.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "smarter.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}
