from django.urls import path

from checkpoints import export, imports, removal, route_editor, route_page, views
from dashboard.listing.urls import saved_views

app_name = "routes"
urlpatterns = [
    path("", views.index, {"desk": views.BOARD}, name="index"),
    *saved_views(views.BOARD.saved),
    path("export/", export.new, {"of": "routes"}, name="export"),
    path("import/", imports.choose, name="import"),
    path("import/start/", imports.start, name="import-start"),
    path("import/template/", imports.template, name="import-template"),
    path("new/", route_editor.create, name="new"),
    path("<int:route_id>/edit/", route_editor.edit, name="edit"),
    path("<int:route_id>/", route_page.detail, name="detail"),
    path("<int:route_id>/order/", route_page.reorder, name="order"),
    path("<int:route_id>/shift/", route_page.shift, name="shift"),
    path("<int:route_id>/remove/", removal.stops, name="remove"),
    path("<int:route_id>/delete/", removal.route, name="delete"),
    path("<int:route_id>/undo/", route_page.take_back, name="undo"),
    path("<int:route_id>/assign/", route_page.assign, name="assign"),
    path("<int:route_id>/optimise/", route_page.optimise, name="optimise"),
]
