from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "statuspage.organizations"
    label = "organizations"
    verbose_name = "Organizations"
