"""Django's settings, one file for every place it runs; what differs comes from the environment."""

from __future__ import annotations

import contextlib
import sys

from csp.constants import NONE, SELF
from environ import Env

from coopcheck import env

BASE_DIR = env.ROOT
SECRET_KEY = env.SECRET_KEY
# Whether only programs on this machine reach it; there alone may people with known passwords be.
IS_LOOPBACK = env.IS_LOOPBACK
DEBUG = env.DEBUG
ALLOWED_HOSTS = env.ALLOWED_HOSTS
CSRF_TRUSTED_ORIGINS = env.CSRF_TRUSTED_ORIGINS

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "orgs",
    "assessments",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Before WhiteNoise, so that files have a policy too: a drawing could hold a script.
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "orgs.middleware.Doors",
]

# Where visitors reach it, for links in mails that nobody's request asks for.
BASE_URL = env.BASE_URL
NOTICE = env.NOTICE
OPERATOR = env.OPERATOR
SOURCE_URL = env.SOURCE_URL
ROOT_URLCONF = "coopcheck.urls"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
WSGI_APPLICATION = "coopcheck.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "orgs.acting.in_templates",
                "assessments.views.news.in_templates",
                "assessments.views.standing.in_templates",
                "assessments.views.about.in_templates",
            ],
        },
    }
]

# The database: SQLite waits its turn to write instead of failing, and readers never wait for it.
DATABASES = {"default": Env.db_url_config(env.DATABASE_URL)}
_options = DATABASES["default"].setdefault("OPTIONS", {})
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    _options.setdefault("transaction_mode", "IMMEDIATE")
    _options.setdefault("timeout", 20)
    _options.setdefault(
        "init_command",
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA recursive_triggers=ON;",
    )
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People log in with their e-mail address, once they have shown that it is theirs.
AUTH_USER_MODEL = "orgs.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
CSRF_FAILURE_VIEW = "orgs.views.login.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_ADAPTER = "orgs.accounts.Adapter"
ACCOUNT_FORMS = {
    "login": "orgs.account_forms.LoginForm",
    "signup": "orgs.account_forms.SignupForm",
    "add_email": "orgs.account_forms.AddEmailForm",
    "change_password": "orgs.account_forms.ChangePasswordForm",
    "reset_password": "orgs.account_forms.ResetPasswordForm",
    "reset_password_from_key": "orgs.account_forms.ResetPasswordKeyForm",
}
# What costs others something, besides what allauth limits itself.
ACCOUNT_RATE_LIMITS = {"invite": "30/h/user", "found": "10/h/user"}
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
ALLAUTH_TRUSTED_PROXY_COUNT = env.TRUSTED_PROXIES
# Counts log-in attempts for all processes of all machines, without need of the broker. What has run
# out is culled first; counts that still hold would only be culled beyond MAX_ENTRIES, and so many
# addresses nobody tries within the few minutes that a count holds.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "attempts",
        "KEY_FUNCTION": "orgs.accounts.unreadable",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
# Collected files belong to the code that they were collected from, so they stand beside it and
# not in the data folder, which outlives a release.
STATIC_ROOT = BASE_DIR / "staticfiles"
with contextlib.suppress(OSError):
    STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns of a folder that is not there.
STATICFILES_DIRS = [BASE_DIR / "static"]
# Without collected files (the demo, development) WhiteNoise serves them from where they stand.
# The list of collected ones is what collecting itself writes last.
_IS_COLLECTED = sys.argv[1:2] == ["collectstatic"] or (STATIC_ROOT / "staticfiles.json").exists()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _IS_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _IS_COLLECTED

# Nothing is loaded from elsewhere, nothing stands inline, nobody frames a page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.IS_HTTPS
SECURE_SSL_REDIRECT = env.IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_HSTS_SECONDS = 31_536_000 if env.IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.IS_HTTPS
if env.TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

_email = Env.email_url_config(env.EMAIL_URL)
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"] or "localhost"
EMAIL_PORT = _email["EMAIL_PORT"] or 25
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = _email["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.DEFAULT_FROM_EMAIL

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CoopCheck",
    "DESCRIPTION": "Who can really work with whom: editions, organisations, profiles, matches.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
}

# Celery only says when to look: the database says what is stale. So a ring may be lost, may come
# twice, and must never keep a save waiting.
CELERY_BROKER_URL = env.BROKER_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than the longest task; what a dead worker held comes back after it.
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # A broker that hangs is left for a new connection; a worker's reads wait a second at most.
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 150
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(env.DATA_DIR / "beat-schedule")
# Beat writes its schedule each time that it rings: whether it is well is seen by the file's age.
CELERY_BEAT_SYNC_EVERY = 1
CELERY_BEAT_SCHEDULE = {
    # Often enough that a change which nobody rang for is in every result within a minute; a ring
    # that waited longer than that for a worker is of no use any more.
    "look-for-stale-results": {
        "task": "assessments.tasks.look_for_stale",
        "schedule": 20.0,
        "options": {"expires": 60},
    },
    # Each member is looked at once a week; every hour, so that a pause of the worker costs little.
    "look-for-weekly-news": {
        "task": "assessments.tasks.look_for_news",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
