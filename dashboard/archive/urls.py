from django.urls import path

from dashboard.archive import views

app_name = "archive"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/download/", views.download, name="download"),
    path("<int:pk>/purge/", views.purge, name="purge"),
    path("<int:pk>/files/<int:file>/", views.file, name="file"),
    path("<int:pk>/files/<int:file>/thumb/", views.picture, {"size": "thumb"}, name="thumb"),
    path("<int:pk>/files/<int:file>/large/", views.picture, {"size": "large"}, name="large"),
]
