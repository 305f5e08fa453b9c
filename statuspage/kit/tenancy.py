"""Tenancy: a query for a tenant's rows outside `scope(organization=…)` raises instead of answering for everybody.

The guard does not see create, save, bulk_create or raw SQL: foreign rows are kept out of those at the door.
"""

from typing import Any, TypeVar, cast

from django.db import models
from django_scopes import ScopedManager, scope, scopes_disabled

__all__ = ["across_organizations", "scope", "scoped"]

Q = TypeVar("Q", bound="models.QuerySet[Any]")

# For the engine, which works for every tenant in turn. Only in the files that tests/house/test_tenancy.py lists.
across_organizations = scopes_disabled


def scoped(queryset: type[Q], path: str = "organization") -> Q:
    """A manager whose every query is kept within the organization in scope.

    `path` is how the model reaches its organization. Typed as the query set itself, since that is how it is used.
    """
    return cast(Q, ScopedManager(_manager_class=models.Manager.from_queryset(queryset), organization=path))
