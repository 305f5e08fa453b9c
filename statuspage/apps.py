from django.apps import AppConfig


class StatuspageConfig(AppConfig):
    """The composition: no models, only what needs all the apps (publishing, the dispatcher)."""

    name = "statuspage"
