from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from checkins import packs
from checkins.reports import views as reports
from dashboard import entrance, error_views, health, views
from dashboard.basemap import city_tile
from dashboard.geocode import geocode

urlpatterns: list[URLPattern | URLResolver] = [
    path("photos/packs/new/", packs.new, name="new-pack"),
    path("photos/", include("dashboard.photos.urls")),  # asked for by the hundred, so looked at first
    path("", views.home, name="home"),
    path("sign-in/", entrance.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("account/", views.account, name="account"),
    path("account/storage/", views.storage, name="account-storage"),
    path("account/preferences/", views.preferences, name="account-preferences"),
    path("account/sessions/<int:pk>/end/", views.end_session, name="account-end-session"),
    path("checkins/", include("checkins.urls")),
    path("routes/", include("checkpoints.route_urls")),
    path("checkpoints/", include("checkpoints.urls")),
    path("geocode/", geocode, name="geocode"),
    path("basemap/cities/<int:level>/<int:x>/<int:y>.json", city_tile, name="city-tile"),
    path("archive/", include("dashboard.archive.urls")),
    path("audit/", include("dashboard.audit.urls")),
    path("jobs/", include("dashboard.jobs.urls")),
    path("reports/new/", reports.new, name="new-report"),
    path("reports/", include("dashboard.reports.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
if settings.METRICS:
    urlpatterns.append(path("metrics", health.metrics, name="metrics"))

handler403 = error_views.forbidden
handler404 = error_views.not_found
handler500 = error_views.broken
