from django.urls import URLPattern, path

from dashboard.listing import views
from dashboard.listing.views import SavedList


def saved_views(of: SavedList) -> list[URLPattern]:
    """The addresses of a list's saved views, below that list."""
    kwargs = {"of": of}
    return [
        path("views/", views.save, kwargs, name="views-save"),
        path("views/<int:pk>/rename/", views.rename, kwargs, name="views-rename"),
        path("views/<int:pk>/delete/", views.remove, kwargs, name="views-delete"),
        path("views/<int:pk>/restore/", views.restore, kwargs, name="views-restore"),
        path("views/<int:pk>/start/", views.start, kwargs, name="views-start"),
    ]
