from django.apps import AppConfig


class ListingConfig(AppConfig):
    name = "dashboard.listing"
    label = "listing"
