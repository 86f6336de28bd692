from django.urls import path

from checkins.removal import views

app_name = "removals"
urlpatterns = [
    path("", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/outcome/", views.outcome, name="outcome"),
    path("<int:pk>/start/", views.start, name="start"),
    path("<int:pk>/again/", views.again, name="again"),
]
