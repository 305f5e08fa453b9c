from django.apps import AppConfig

from statuspage import reporting


class StatuspageConfig(AppConfig):
    """The composition: no models, only what needs all the apps (publishing, the dispatcher)."""

    name = "statuspage"

    def ready(self) -> None:
        reporting.start()
