from django.urls import path

from dashboard.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.index, name="index"),
    path("tray/", views.tray, name="tray"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/row/", views.row, name="row"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/again/", views.again, name="again"),
    path("<int:pk>/remove/", views.remove, name="remove"),
    path("<int:pk>/download/", views.download, name="download"),
    path("<int:pk>/download/<int:number>/", views.download, name="download-part"),
]
