"""The operators' cellar door (see statuspage/organizations/admin.py)."""

from statuspage.organizations.admin import open_cellar

open_cellar("notifications")
