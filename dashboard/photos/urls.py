from django.urls import path

from dashboard.photos import facts_views, views

app_name = "photos"
urlpatterns = [
    path("<str:token>/thumb/", views.thumb, name="thumb"),
    path("<str:token>/large/", views.large, name="large"),
    path("<str:token>/original/", views.original, name="original"),
    path("<str:token>/facts/", facts_views.show, name="facts"),
]
