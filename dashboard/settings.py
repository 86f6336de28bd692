"""Settings, all from the environment (README has the table)."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

from dashboard.environment import (
    file_storage,
    image_source,
    key_file,
    refuse,
    regions,
    travels_in_clear,
)

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).absolute()
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
PORT = env.int("PORT", default=8000)

# --- secrets and hosts -------------------------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", default="") or ("" if PRODUCTION else key_file(VAR_DIR / "secret_key"))
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# --- the Navixy API ----------------------------------------------------------------------------------------

SANDBOX_PORT = env.int("SANDBOX_PORT", default=PORT + 10_000)
NAVIXY_API_URL = env.str("NAVIXY_API_URL", default="").rstrip("/")
NAVIXY_REGIONS = regions(env.str("NAVIXY_REGIONS", default=""))
DEMO = not (NAVIXY_API_URL or NAVIXY_REGIONS)
if PRODUCTION:
    refuse(
        {
            "SECRET_KEY is not set": not SECRET_KEY,
            "SECRET_KEY is shorter than 50 characters": 0 < len(SECRET_KEY) < 50,
            "ALLOWED_HOSTS is not set": not ALLOWED_HOSTS,
            "ALLOWED_HOSTS lets every host in": "*" in ALLOWED_HOSTS,
            "DEBUG is on": DEBUG,
            "the environment names no Navixy (NAVIXY_API_URL, NAVIXY_REGIONS)": DEMO,
            "a Navixy address is without TLS": any(
                travels_in_clear(url) for url in (NAVIXY_API_URL, *NAVIXY_REGIONS.values()) if url
            ),
        }
    )
if DEMO:
    NAVIXY_API_URL = f"http://127.0.0.1:{SANDBOX_PORT}/v2"
NAVIXY_FILE_HOSTS = env.list(
    "NAVIXY_FILE_HOSTS", default=["static.navixy.com", ".navixy.com", ".amazonaws.com"]
)
RATE_PER_SECOND = env.int("RATE_PER_SECOND", default=40)
ARCHIVE_DAYS = env.int("ARCHIVE_DAYS", default=90)
REPORT_DAYS = env.int("REPORT_DAYS", default=7)
PACK_PART_MB = env.int("PACK_PART_MB", default=1000)
UPLOAD_PAUSE_MS = env.int("UPLOAD_PAUSE_MS", default=400)
UPLOAD_SPACE_MB = env.int("UPLOAD_SPACE_MB", default=1000)
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=30)
MAP_TILE_URL = env.str("MAP_TILE_URL", default="")
MAP_TILE_ATTRIBUTION = env.str("MAP_TILE_ATTRIBUTION", default="")
METRICS = env.bool("METRICS", default=False)

# --- application -------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "dashboard",
    "dashboard.listing",
    "dashboard.jobs",
    "dashboard.audit",
    "dashboard.archive",
    "dashboard.uploads",
    "django_tasks",
    "django_tasks_db",
    "checkins",
    "checkpoints",
    "checkins.removal",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "dashboard.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dashboard.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dashboard.middleware.AccountMiddleware",
    "dashboard.middleware.NavixyErrorMiddleware",
]
ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "dashboard.shell.context",
            ],
            "builtins": ["dashboard.templatetags.desk"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ]
            if not DEBUG
            else ["django.template.loaders.filesystem.Loader"],
        },
    }
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # one ticks "All" of an account with thousands of trackers
CSRF_FAILURE_VIEW = "dashboard.error_views.csrf_failure"

# --- storage -----------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'fielddesk.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a read that turns into a write would not wait its turn
        "timeout": 15,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
            " PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000; PRAGMA journal_size_limit=33554432"
        ),
    }
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=300)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = not DATABASES["default"]["ENGINE"].endswith("sqlite3")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "fielddesk",
    }
    if REDIS_URL
    else {
        # Shared by the processes of this machine; 300 keys in one statement
        "BACKEND": "dashboard.sqlite_cache.SqliteCache",
        "LOCATION": VAR_DIR / "cache.sqlite3",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # only dashboard.jobs uses it

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "dashboard.staticfiles.BrowserLibraries",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "pictures": file_storage(
        env.str("FILES_BUCKET_URL", default=""),
        prefix="pictures",
        otherwise={
            "BACKEND": "dashboard.photos.store.LocalPictures",
            "OPTIONS": {"location": VAR_DIR / "pictures"},
        },
    ),
    "results": file_storage(
        env.str("FILES_BUCKET_URL", default=""),
        prefix="results",
        otherwise={
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": VAR_DIR / "results",
                "directory_permissions_mode": 0o700,
                "file_permissions_mode": 0o600,
            },
        },
    ),
    "uploads": file_storage(
        env.str("FILES_BUCKET_URL", default=""),
        prefix="uploads",
        otherwise={
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": VAR_DIR / "uploads",
                "directory_permissions_mode": 0o700,
                "file_permissions_mode": 0o600,
            },
        },
    ),
    "archive": file_storage(
        env.str("FILES_BUCKET_URL", default=""),
        prefix="archive",
        otherwise={
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": VAR_DIR / "archive",
                "directory_permissions_mode": 0o700,
                "file_permissions_mode": 0o600,
            },
        },
    ),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "dashboard.staticfiles.HashedStaticFiles"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = VAR_DIR / "files"

# --- sessions and messages ---------------------------------------------------------------------------------

SESSION_ENGINE = "dashboard.session_store"
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "fielddesk-session"
SESSION_COOKIE_AGE = 14 * 86_400  # slides: the daily renewal of the Navixy session saves ours too
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "fielddesk-csrf"
CSRF_COOKIE_HTTPONLY = True  # scripts take the token from <meta name="csrf-token">
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- headers -----------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *image_source(MAP_TILE_URL)],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- language, time, logs ----------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = any(LOCALE_PATHS[0].glob("*/LC_MESSAGES/*.mo"))  # else it costs a tenth of a page for nothing
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        "fielddesk": {"level": env.str("LOG_LEVEL", default="INFO")},
    },
}
