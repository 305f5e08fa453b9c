"""PostgreSQL itself refuses a row that refers to another organization's row."""

import pytest
from django.db import IntegrityError, connection, transaction

from statuspage.kit.tenancy import ScopeError
from statuspage.organizations.models import AuditEntry
from statuspage.pages.models import PageService, Service
from subscribers.models import Subscription
from tests.makers import Cast, make_person


def check_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_page_cannot_show_the_neighbours_service(acme: Cast, neighbour: Cast) -> None:
    with pytest.raises(IntegrityError, match="pageservice_service_of_the_same_organization"), transaction.atomic():
        PageService.objects.create(organization=acme.organization, page=acme.page, service=neighbour.api)
        check_now()


def test_an_address_cannot_subscribe_to_the_neighbours_page(acme: Cast, neighbour: Cast) -> None:
    address = make_person(acme.organization, "a@x.example").addresses.get()
    with pytest.raises(IntegrityError, match="subscription_page_of_the_same_organization"), transaction.atomic():
        Subscription.objects.create(organization=acme.organization, address=address, page=neighbour.page)
        check_now()


def test_the_neighbours_rows_cannot_be_found_from_ours(acme: Cast, neighbour: Cast) -> None:
    assert not Service.objects.filter(pk=neighbour.api.pk).exists()


def test_a_query_outside_any_organization_raises(neighbour: Cast) -> None:
    with pytest.raises(ScopeError):
        Service.objects.count()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_audit_log_cannot_be_changed_or_deleted(acme: Cast, change: str) -> None:
    entries = AuditEntry.objects.filter(verb="founded")
    assert entries.exists()
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        if change == "update":
            entries.update(verb="forged")
        else:
            entries.delete()
