from django.urls import path

from dashboard.photos import views

app_name = "photos"
urlpatterns = [
    path("<str:token>/thumb/", views.thumb, name="thumb"),
    path("<str:token>/large/", views.large, name="large"),
    path("<str:token>/original/", views.original, name="original"),
]
