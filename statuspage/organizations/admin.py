"""The operators' cellar door: every table can be looked at, across organizations, and nothing changed.

Changes go through the stories, which keep the audit log and the rules.
"""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib import admin
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest

from statuspage.kit.tenancy import across_organizations

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class Looking(ModelAdmin):
    def get_list_display(self, _request: HttpRequest) -> list[Any]:
        """The row's own columns; the long ones stand on its page."""
        long = {"TextField", "JSONField", "BinaryField", "ArrayField"}
        return [field.name for field in self.opts.concrete_fields if field.get_internal_type() not in long]

    def get_fields(self, _request: HttpRequest, _obj: Model | None = None) -> list[Any]:
        return [field.name for field in self.opts.concrete_fields]

    def get_readonly_fields(self, _request: HttpRequest, _obj: Model | None = None) -> list[str]:
        return [field.name for field in self.opts.concrete_fields]

    def get_queryset(self, _request: HttpRequest) -> QuerySet[Any]:
        with across_organizations():
            rows: QuerySet[Any] = self.model._default_manager.all()
        names = [field.name for field in self.opts.concrete_fields if isinstance(field, ForeignKey)]
        return rows.select_related(*names).order_by("-pk")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


def open_cellar(label: str) -> None:
    """Register the models of one app. Tables without a single key have no page."""
    for model in apps.get_app_config(label).get_models():
        if len(model._meta.pk_fields) == 1:
            admin.site.register(model, Looking)


open_cellar("organizations")
