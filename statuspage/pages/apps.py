from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "statuspage.pages"
    label = "pages"
    verbose_name = "Pages and services"
