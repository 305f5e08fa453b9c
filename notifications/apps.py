from django.apps import AppConfig

from notifications import checks  # noqa: F401 - importing registers them


class NotificationsConfig(AppConfig):
    name = "notifications"
