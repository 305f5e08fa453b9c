"""Operators may look at every table; nobody else gets in, and nothing can be changed there."""

from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from incidents.models import Incident
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import User
from tests.console.browsing import enter
from tests.makers import Cast, make_cast, make_person, open_incident, outage

OURS = {"organizations", "pages", "incidents", "subscribers", "notifications"}


def test_operators_see_every_table_and_change_none(db: None) -> None:
    cast = make_cast("Acme")
    with scope(organization=cast.organization):
        make_person(cast.organization, "otto@acme.test", ring="on_call")
        open_incident(cast, services=outage(cast.checkout))
        incident = Incident.objects.get()
    operator = enter(User.objects.create_superuser("operator@ripple.test", "x"))
    shown = [model for model in admin.site._registry if model._meta.app_label in OURS]
    models = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    assert set(shown) == {model for model in models if len(model._meta.pk_fields) == 1}
    for model in shown:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert operator.get(reverse(f"{name}_changelist")).status_code == 200
        assert operator.get(reverse(f"{name}_add")).status_code == 403
    address = reverse("admin:incidents_incident_change", args=[incident.pk])
    assert operator.get(address).status_code == 200
    assert operator.post(address, {"title": "changed"}).status_code == 403


def test_owners_are_no_operators(acme: Cast) -> None:
    assert enter(acme.owner).get("/admin/").status_code == 302
