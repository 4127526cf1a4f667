"""
Settings of one installation, read from the environment.

The launcher passes MINGQU_DATABASE_URL (role app), MINGQU_OWNER_DATABASE_URL (migrations) and
MINGQU_READ_DATABASE_URL; everything else has a safe default. Secrets are files, never values here.
"""

import os
from pathlib import Path

import django.forms
from psycopg.conninfo import conninfo_to_dict

from mingqu.kernel.logfiles import OFF

PACKAGE = Path(__file__).resolve().parent.parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "") in {"1", "true", "yes"}


MINGQU_DEMO = _flag("MINGQU_DEMO")
MINGQU_HOME = Path(os.environ.get("MINGQU_HOME", Path.home() / ".local/share/mingqu"))
MINGQU_MASTER_KEY_FILE = os.environ.get("MINGQU_MASTER_KEY_FILE", "")
MINGQU_BASE_URL = os.environ.get("MINGQU_BASE_URL", "http://127.0.0.1:8000")
_SITE = dict.fromkeys(
    ("name", "region_name", "region_code", "telephone", "organiser", "site_code", "icp", "police_record",
     "hall_address", "hall_hours", "agents", "telephone_hours", "icp_url", "police_record_url",
     "name_en", "region_name_en", "organiser_en", "hall_address_en", "hall_hours_en",
     "telephone_hours_en", "agents_en"),
    "",
) | {"name": "政务服务网", "telephone": "12345"}  # fmt: skip
if MINGQU_DEMO:
    from mingqu.config.demo.site import SITE as _DEMO_SITE

    _SITE |= _DEMO_SITE
# The installation's own brand and footer; what is empty is not shown. The product's name stands in the footer alone.
MINGQU_SITE = {name: os.environ.get(f"MINGQU_SITE_{name.upper()}", value) for name, value in _SITE.items()}
# The channels of text messages and of e-mail, the first to be asked first; a demo's messages stay in its own doubles.
MINGQU_SMS_CHANNEL = os.environ.get("MINGQU_SMS_CHANNEL", "double" if MINGQU_DEMO else "")
MINGQU_EMAIL_CHANNEL = os.environ.get("MINGQU_EMAIL_CHANNEL", "double-email" if MINGQU_DEMO else "")
# A file (0600) that describes gateways asked over HTTP, see notifications/channels/written.py.
MINGQU_CHANNELS_FILE = os.environ.get("MINGQU_CHANNELS_FILE", "")
# Segments of text messages a day; what is not urgent waits for the next morning once they are spent.
MINGQU_SMS_QUOTA = int(os.environ.get("MINGQU_SMS_QUOTA", "100000"))
# The mail server of the channel "smtp".
EMAIL_HOST = os.environ.get("MINGQU_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("MINGQU_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("MINGQU_SMTP_USER", "")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = not EMAIL_USE_SSL and EMAIL_HOST != "localhost"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("MINGQU_SMTP_FROM", "noreply@localhost")

DEBUG = False


def _secret_key() -> str:
    path = os.environ.get("MINGQU_SECRET_KEY_FILE", "")
    if path:
        return Path(path).read_text("ascii").strip()
    import secrets

    # Without a file every process has its own: fine for a command line, refused by `check --production`.
    return secrets.token_urlsafe(48)


SECRET_KEY = _secret_key()


def _smtp_password() -> str:
    path = os.environ.get("MINGQU_SMTP_PASSWORD_FILE", "")
    return Path(path).read_text("utf-8").strip() if path else ""


EMAIL_HOST_PASSWORD = _smtp_password()
ALLOWED_HOSTS = [h for h in os.environ.get("MINGQU_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [MINGQU_BASE_URL] if MINGQU_BASE_URL.startswith("https://") else []

INSTALLED_APPS = [
    # Lowest last, as in .importlinter.
    "mingqu.portal",
    "mingqu.workbench",
    "mingqu.federation",
    "mingqu.insight",
    "mingqu.assist",
    "mingqu.across",
    "mingqu.outreach",
    "mingqu.hall",
    "mingqu.voice",
    "mingqu.regulation",
    "mingqu.evaluation",
    "mingqu.redesign",
    "mingqu.cases",
    "mingqu.catalogue",
    "mingqu.certificates",
    "mingqu.payments",
    "mingqu.exchange",
    "mingqu.process",
    "mingqu.documents",
    "mingqu.forms",
    "mingqu.notifications",
    "mingqu.decisions",
    "mingqu.clocks",
    "mingqu.law",
    "mingqu.upkeep",
    "mingqu.identity",
    "mingqu.ui",
    "mingqu.kernel",
    "mingqu.config.django_apps.ContentTypes",
    "mingqu.config.django_apps.Auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "mingqu.kernel.middleware.RequestContextMiddleware",
    "mingqu.upkeep.access_log.AccessLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mingqu.kernel.middleware.SecurityHeadersMiddleware",
    "mingqu.ui.middleware.LargestRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mingqu.ui.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "mingqu.kernel.middleware.UnseenSignsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mingqu.identity.middleware.ActorMiddleware",
    "mingqu.ui.middleware.PlainAddressMiddleware",
    "mingqu.upkeep.middleware.StopMiddleware",
    "mingqu.ui.middleware.TrainingMiddleware",
    "mingqu.ui.middleware.RefusalMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

AUTH_USER_MODEL = "identity.User"
if MINGQU_DEMO:
    PASSWORD_HASHERS = ["mingqu.config.demo.hashing.PrintedPassword"]
ROOT_URLCONF = "mingqu.config.urls"
WSGI_APPLICATION = "mingqu.config.wsgi.application"
FORM_RENDERER = "mingqu.ui.forms.PageRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        # Django's own widget templates; its app "django.forms" would take the label of our forms room.
        "DIRS": [
            Path(django.forms.__file__).parent / "templates",
            *([PACKAGE / "config/demo/templates"] if MINGQU_DEMO else []),
        ],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "mingqu.ui.context.site",
            ],
        },
    }
]


# Set by `mingqu serve` for web processes, whose threads come and go: connections kept per thread would pile up.
POOL = int(os.environ.get("MINGQU_POOL", "0"))


def _database(variable: str, role: str) -> dict[str, object]:
    parts = conninfo_to_dict(os.environ.get(variable, f"postgresql://{role}@127.0.0.1:1/mingqu"))
    options: dict[str, object] = {
        "connect_timeout": 10,
        "application_name": "mingqu",
        "prepare_threshold": 5,  # of the statements of kernel.rows.kept_plans alone
    }
    if POOL and role == "mingqu_app":
        options["pool"] = {"min_size": 1, "max_size": POOL}
    return {
        "ENGINE": "mingqu.kernel.postgres",
        "NAME": parts.get("dbname", "mingqu"),
        "USER": parts.get("user", role),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": 0 if "pool" in options else 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }


DATABASES = {
    "default": _database("MINGQU_DATABASE_URL", "mingqu_app"),
    "owner": _database("MINGQU_OWNER_DATABASE_URL", "mingqu_owner"),
    "read": _database("MINGQU_READ_DATABASE_URL", "mingqu_read"),
}
DATABASE_ROUTERS = ["mingqu.kernel.routers.OneDatabase"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", "中文"),
    ("en", "English"),
]  # public pages; each room has its locale/en (docs/howto/english-pages.md)
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("MINGQU_STATIC_ROOT", MINGQU_HOME / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mingqu.ui.static_files.StaticFiles"},
}
MEDIA_ROOT = MINGQU_HOME / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# Uploads stay in memory until they are stored encrypted: Django's temporary files would hold them in the clear.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
MINGQU_LARGEST_REQUEST = 48 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = MINGQU_LARGEST_REQUEST
# host:port or a socket path of clamd; empty: files are shown as not scanned.
MINGQU_CLAMD = os.environ.get("MINGQU_CLAMD", "")
# Who keeps the keys of seals: a name of documents/seals/registry.py.
MINGQU_SEAL_PROVIDER = os.environ.get("MINGQU_SEAL_PROVIDER", "local")
# The shelf of the daily backup (empty: none is made by itself), for how many days a backup stays there, and the public
# key it is encrypted to.
MINGQU_BACKUP_FOLDER = os.environ.get("MINGQU_BACKUP_FOLDER", "")
MINGQU_BACKUP_DAYS = int(os.environ.get("MINGQU_BACKUP_DAYS", "14"))
MINGQU_BACKUP_RECIPIENT = os.environ.get("MINGQU_BACKUP_RECIPIENT", "")
# Who takes payments online: a name of payments/providers/registry.py; empty: fees are paid at the window.
MINGQU_PAYMENT_PROVIDER = os.environ.get("MINGQU_PAYMENT_PROVIDER", "double" if MINGQU_DEMO else "")
MINGQU_COURIER = os.environ.get("MINGQU_COURIER", "double" if MINGQU_DEMO else "")
# A file (0600) that describes how other systems are reached, see exchange/connectors/written.py; none: by people.
MINGQU_CONNECTORS_FILE = os.environ.get("MINGQU_CONNECTORS_FILE", "")
# The platform above that data is reported to (federation/above/http.py); empty: nothing is reported, but in a demo.
MINGQU_UPWARD_FILE = os.environ.get("MINGQU_UPWARD_FILE", "")
# What a national project code must look like; empty: any text, because the text of its rule was not seen.
MINGQU_PROJECT_CODE_PATTERN = os.environ.get("MINGQU_PROJECT_CODE_PATTERN", "")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # a probe speaks to the process itself
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if MINGQU_BASE_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_SSL_REDIRECT = not _flag("MINGQU_BEHIND_PROXY")
if _flag("MINGQU_BEHIND_PROXY"):
    # Only when an operator says that a proxy of theirs sets these headers; else a client could forge them.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Halls: how long a place is held, how many appointments a person may have, who misses how many in how many days books
# no more for how long, from when one may check in, how far ahead is booked, of how many numbers the wait is foreseen.
MINGQU_HALL = {
    "hold_minutes": 10,
    "open_bookings": 3,
    "missed_most": 3,
    "missed_days": 90,
    "barred_days": 30,
    "early_minutes": 30,
    "days_ahead": 14,
    "median_of": 20,
    "uncollected_days": 7,
    "uncollected_reminders": 2,
    "parcel_stuck_days": 3,  # nobody told anything of it: it is on a list of its own
}

# The desk: how many days after its receipt a paper slip may still be typed in (补录), after how many minutes of
# nobody's hand the screen locks itself (0: never), how long a phone may send pictures by one code.
MINGQU_DESK = {
    "backfill_days": 10,
    "lock_minutes": 5,
    "phone_minutes": 10,
}

# For how many days things are kept that are no archive and nobody needs any more (decision 0034): what tables of many
# applications held after their end, packages made for fetching. 个人信息保护法 19: as short as the purpose needs; the
# numbers are the installation's own (verified: false). Drafts end after thirty days, their files a day later.
MINGQU_KEPT = {
    "tables": int(os.environ.get("MINGQU_KEPT_TABLE_DAYS", "90")),
    "packages": int(os.environ.get("MINGQU_KEPT_PACKAGE_DAYS", "30")),
}

# Where log files lie (empty or "none": nowhere) and for how many days; docs/operations/logs.md.
_logs = os.environ.get("MINGQU_LOG_FOLDER", "")
MINGQU_LOG_FOLDER = "" if _logs == OFF else _logs
MINGQU_LOG_DAYS = os.environ.get("MINGQU_LOG_DAYS", "")
_LINES = {
    "()": "mingqu.kernel.logfiles.PlainFormatter",
    "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
}
_DAYS = {"class": "mingqu.kernel.logfiles.DayFileHandler", "folder": MINGQU_LOG_FOLDER}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": _LINES,
        "plain": {"format": "%(asctime)s %(message)s", "datefmt": "%Y-%m-%dT%H:%M:%S%z"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "app": {**_DAYS, "stream": "app", "formatter": "line"},
        "access": {**_DAYS, "stream": "access", "formatter": "plain"},
        "signin": {**_DAYS, "stream": "signin", "formatter": "plain"},
    },
    "root": {"handlers": ["console", "app"], "level": os.environ.get("MINGQU_LOG_LEVEL", "WARNING")},
    "loggers": {
        "mingqu": {"level": os.environ.get("MINGQU_LOG_LEVEL", "INFO")},
        # Whatever the level of the others: these have to be there.
        "mingqu.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
        "mingqu.signin": {"handlers": ["signin"], "level": "INFO", "propagate": False},
        # What was asked for and not there stands in the access log, without the address somebody typed.
        "django.request": {"level": "ERROR"},
    },
}

PROCRASTINATE_ON_APP_READY = None

from mingqu.config.settings_identity import *  # noqa: E402,F403
