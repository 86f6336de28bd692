"""The site's settings for tests: an own folder, an own database, nothing taken from the developer's shell.

`TEST_DATABASE_URL` and `TEST_REDIS_URL` name the services to run the same tests on (`.ci/run` does).
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from uuid import uuid4

OURS = (
    *("NAVIXY_API_URL", "NAVIXY_REGIONS", "NAVIXY_FILE_HOSTS", "SECRET_KEY_FALLBACKS"),
    *("DATABASE_URL", "REDIS_URL", "FILES_BUCKET_URL", "MAP_TILE_URL", "MAP_TILE_ATTRIBUTION", "VAR_DIR"),
    *(
        "ARCHIVE_DAYS",
        "REPORT_DAYS",
        "UPLOAD_PAUSE_MS",
        "UPLOAD_SPACE_MB",
        "RATE_PER_SECOND",
        "PORT",
        "DEBUG",
        "PRODUCTION",
        "TRUSTED_PROXIES",
        "SANDBOX_PORT",
        "METRICS",
    ),
)
for name in OURS:
    os.environ.pop(name, None)

VAR = Path(tempfile.mkdtemp(prefix="fielddesk-test-"))
(VAR / "static").mkdir()  # WhiteNoise warns when there is none
atexit.register(shutil.rmtree, VAR, ignore_errors=True)
os.environ |= {
    "SECRET_KEY": "only-for-tests-0123456789abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "VAR_DIR": str(VAR),
    "UPLOAD_PAUSE_MS": "0",
    "RATE_PER_SECOND": "100000",  # the limiter has its own tests; the others should not wait for it
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright's event loop runs in the thread that fills tables
}
for service in ("DATABASE_URL", "REDIS_URL"):
    if url := os.environ.get(f"TEST_{service}"):
        os.environ[service] = url

from dashboard.settings import *  # noqa: E402,F403
from dashboard.settings import CACHES, DATABASES, STORAGES  # noqa: E402

# A file and not memory: the browser tests' server answers from several threads.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
DATABASES["default"]["CONN_MAX_AGE"] = 0

if os.environ.get("REDIS_URL"):
    own = {"BACKEND": "tests.caches.OwnRedisCache", "KEY_PREFIX": f"fielddesk-test-{uuid4().hex}"}
    CACHES["default"] |= own

# Hashed names need `collectstatic`; the test that starts the demo covers them.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
