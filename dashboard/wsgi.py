"""What granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
application = get_wsgi_application()

_ = get_resolver().url_patterns  # every view is imported now and not by the first visitor
# A page makes some ten thousand objects that go with it: looking for circles among them, and among all that
# is loaded for good, took a twentieth of its time.
gc.freeze()
gc.set_threshold(20_000, 20, 20)
