from django.urls import path

from checkpoints import correction, export, removal, stop_page, task_form, views
from dashboard.listing.urls import saved_views

app_name = "checkpoints"
urlpatterns = [
    path("", views.index, {"desk": views.STOPS}, name="index"),
    *saved_views(views.STOPS.saved),
    path("export/", export.new, {"of": "checkpoints"}, name="export"),
    path("new/", stop_page.create, name="new"),
    path("<int:stop_id>/", stop_page.detail, name="detail"),
    path("<int:stop_id>/edit/", stop_page.edit, name="edit"),
    path("<int:stop_id>/delete/", removal.stop, name="delete"),
    path("<int:stop_id>/form/detach/", removal.form, name="form-detach"),
    path("<int:stop_id>/undo/", stop_page.take_back, name="undo"),
    path("<int:stop_id>/assign/", stop_page.assign, name="assign"),
    path("<int:stop_id>/transmute/", stop_page.transmute, name="transmute"),
    path("<int:stop_id>/form/", correction.correct, name="form-correct"),
    path("<int:stop_id>/form/attach/", task_form.attach, name="form-attach"),
    path("<int:stop_id>/form/download/<str:format>/", task_form.download, name="form-download"),
]
