"""Tenancy: a query for a tenant's rows outside `scope(organization=…)` raises instead of answering for everybody.

The guard does not see create, save, bulk_create or raw SQL: foreign rows are kept out of those at the door.
"""

from typing import TYPE_CHECKING, TypeVar

from django.db import models
from django_scopes import ScopedManager, scope, scopes_disabled
from django_scopes.exceptions import ScopeError

__all__ = ["ScopeError", "TenantManager", "across_organizations", "scope"]

M = TypeVar("M", bound=models.Model)

# For the engine, which works for every tenant in turn. Only in the files that tests/house/test_structure.py lists.
across_organizations = scopes_disabled

if TYPE_CHECKING:
    GuardedManager = models.Manager
else:
    GuardedManager = type(ScopedManager(organization="organization"))


class TenantManager(GuardedManager[M]):
    """The manager of every model with an `organization`: its queries are kept within the organization in scope."""
