from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "statuspage.demo"
    label = "demo"
