from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "statuspage.kit"
    label = "kit"
