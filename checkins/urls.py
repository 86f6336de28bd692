from django.urls import include, path

from checkins import detail, earlier, gallery, points, views
from checkins.guided.urls import urlpatterns as guided
from checkins.removal import restoring
from checkins.reports import printing
from checkins.reports import views as reports
from dashboard.listing.urls import saved_views

app_name = "checkins"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/count/", views.new_count, name="new_count"),
    *saved_views(views.SAVED),
    *guided,
    path("points/", points.points, name="points"),
    path("gallery/", gallery.part, name="gallery"),
    path("gallery/count/", gallery.picture_count, name="picture_count"),
    path("gallery/forms/<int:form_id>/", gallery.answer_files, name="answer_files"),
    path("export/<str:kind>/", reports.export, name="export"),
    path("print/", printing.print_many, name="print_many"),
    path("delete/", include("checkins.removal.urls")),
    path("archived/<int:pk>/again/", restoring.create_again, name="archived-again"),
    path("<int:checkin_id>/", detail.detail, name="detail"),
    path("<int:checkin_id>/card/", detail.card, name="card"),
    path("<int:checkin_id>/answers/", detail.answers_again, name="answers"),
    path("<int:checkin_id>/earlier/", earlier.earlier, name="earlier"),
    path("<int:checkin_id>/print/", detail.print_page, name="print"),
    path("<int:checkin_id>/form/<str:kind>/", reports.form_file, name="form_file"),
]
