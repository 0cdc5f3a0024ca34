"""The one settings file and the only reader of the environment; docs/operations.md explains each variable."""

import secrets
import sqlite3
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import django
import environ
from django.core.exceptions import ImproperlyConfigured

from smarter.environment import environment_faults

env = environ.Env()
if faults := environment_faults(env.ENVIRON):
    raise ImproperlyConfigured("\n".join(["Smarter does not start with this environment.", *faults]))

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))


def _local_secret_key() -> str:
    """The key of a machine that has none configured: made once, kept under var/, refused in production."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        whole = VAR_DIR / f"secret-key-{secrets.token_hex(8)}"
        whole.touch(mode=0o600)
        whole.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):  # another process was first, and its key is everybody's
            path.hardlink_to(whole)
        whole.unlink()
    return path.read_text()


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY_IS_LOCAL = not env("SECRET_KEY", default="")
SECRET_KEY = env("SECRET_KEY", default="") or _local_secret_key()
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOCAL_HOSTS)
# Links in mails start here, never at the Host header of the request that caused them.
SITE_URL = env("SITE_URL", default="http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "smarter.views.csrf_failure"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "django_htmx",
    "smarter",
    "smarter.accounts",
    "smarter.audit",
    "smarter.mail",
    "rubrics",
    "candidates",
]

MIDDLEWARE = [
    "smarter.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "smarter.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "smarter.sessions.ReadableSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "smarter.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "smarter.middleware.UserTimeZoneMiddleware",
    "smarter.audit.middleware.RefusalsMiddleware",
]

ROOT_URLCONF = "smarter.urls"
WSGI_APPLICATION = "smarter.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["smarter.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "smarter"
CRISPY_TEMPLATE_PACK = "smarter"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'smarter.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL was unsafe for concurrent writers before 3.51.3; the rollback journal is slower and sound.
    _journal = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "TRUNCATE"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA journal_mode={_journal}; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a query takes PostgreSQL longer than running any of ours.
    # A server that does not answer, or a row that stays locked, is an answer too: 503, and try again.
    _patience = {"connect_timeout": 5, "options": "-c lock_timeout=20s -c jit=off"}
    DATABASES["default"]["OPTIONS"] = _patience | DATABASES["default"].get("OPTIONS", {})

# Several workers and servers share nothing but the database, so limits are counted there.
# A full cache drops entries that are still good, and limits with them, so it must never be full.
CACHES = {
    "default": {
        "BACKEND": "smarter.limits.LimitsCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
    # Drawn parts of frozen rubric versions; each worker has its own, and their keys hold what they depend on.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 5_000},
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["candidates.signing_in.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "candidates:home"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_RESET_TIMEOUT = 60 * 60
SESSION_ENGINE = "smarter.sessions"
SESSION_COOKIE_AGE = 7 * 24 * 60 * 60
# Messages hold names, so they stay on the server, in the session.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

ACCOUNT_ADAPTER = "smarter.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"reset_password": "smarter.accounts.forms.ResetPasswordForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_SESSION_REMEMBER = True
# Counted in the database before a password is hashed: by address (ip), by account (key) or by the signed-in (user).
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/10m/ip,5/10m/key",
    "reset_password": "20/h/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "invitation": "30/m/ip",
}
MFA_ADAPTER = "smarter.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "smarter.accounts.second_factor.AuthenticateForm",
    "reauthenticate": "smarter.accounts.second_factor.ReauthenticateForm",
    "authenticate_webauthn": "smarter.accounts.passkeys.AuthenticateForm",
    "login_webauthn": "smarter.accounts.passkeys.LoginForm",
    "reauthenticate_webauthn": "smarter.accounts.passkeys.ReauthenticateForm",
    "add_webauthn": "smarter.accounts.passkeys.AddForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are those that invitations went to; allauth's own table stays empty
MFA_TOTP_ISSUER = "Smarter"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
USERSESSIONS_TRACK_ACTIVITY = False  # it would write to the database on every request

# Company sign-in by OpenID Connect (the extra `sso`): only people known or invited here come in by it.
OIDC_ISSUER = env("OIDC_ISSUER", default="").rstrip("/")
SIGN_IN_ORIGINS = []
if OIDC_ISSUER:
    SIGN_IN_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER))]
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "smarter.accounts.sso.SocialAccountAdapter"
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "company",
                    "name": env("OIDC_NAME", default="company sign-in"),
                    "client_id": env("OIDC_CLIENT_ID"),
                    "secret": env("OIDC_CLIENT_SECRET"),
                    "settings": {"server_url": OIDC_ISSUER},
                }
            ],
        }
    }

_mail = {name: value for name, value in env.email_url("EMAIL_URL", default="consolemail://").items() if value}
if _mail["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
    _mail["EMAIL_TIMEOUT"] = 20  # seconds for each answer of the mail server
if django.VERSION < (6, 1):
    vars().update(_mail)
else:
    _options = {"EMAIL_FILE_PATH": "file_path", "EMAIL_HOST": "host", "EMAIL_PORT": "port"}
    _options |= {"EMAIL_HOST_USER": "username", "EMAIL_HOST_PASSWORD": "password"}
    _options |= {"EMAIL_USE_TLS": "use_tls", "EMAIL_USE_SSL": "use_ssl", "EMAIL_TIMEOUT": "timeout"}
    MAILERS = {
        "default": {
            "BACKEND": _mail["EMAIL_BACKEND"],
            "OPTIONS": {option: _mail[name] for name, option in _options.items() if name in _mail},
        }
    }
# Kinds of mails that may be overtaken by events while they wait, and the function that says whether one still holds.
MAIL_STILL_HOLDS = {
    "scorecard.remind": "candidates.reminding.still_waits",
    "scorecard.nudge": "candidates.reminding.still_waits",
}
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Smarter <smarter@localhost>")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env("TIME_ZONE", default="Europe/London")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "files"
_static_storage = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {
        # Several servers need a store that all of them reach; its class and how to make one come from the environment.
        "BACKEND": env("FILE_STORAGE", default="") or "django.core.files.storage.FileSystemStorage",
        "OPTIONS": env.json("FILE_STORAGE_OPTIONS", default={}),
    },
    "staticfiles": {"BACKEND": _static_storage},
}

# Forwarded addresses count only from this many proxies of one's own; 0 trusts none.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # asked from inside, where there is no TLS
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Lines are made in smarter/logs.py, which says what they never hold.
LOG_FORMAT = env("LOG_FORMAT", default="text" if DEBUG else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "smarter.logs.JsonFormatter"},
        "text": {"()": "smarter.logs.TextFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "smarter": {"level": "INFO"},
        "django": {"handlers": [], "level": "INFO"},
        # What was refused is in the line of the request already; what broke is told with its places.
        "django.request": {"level": "ERROR"},
    },
}
if DEBUG:
    # Django's own lines and tracebacks, for whoever works on the code.
    LOGGING = {"version": 1, "disable_existing_loggers": False}
