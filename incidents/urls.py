"""Below /o/<organization>/."""

from django.urls import path

from incidents import console

urlpatterns = [
    path("incidents/", console.incidents, name="incidents"),
    path("incidents/new", console.new_incident, name="new_incident"),
    path("incidents/<int:number>/", console.incident, name="incident"),
    path("incidents/<int:number>/updates/", console.updates, name="updates"),
    path("incidents/<int:number>/severity/", console.severity, name="severity"),
    path("incidents/<int:number>/resolution/", console.resolution, name="resolution"),
    path("incidents/<int:number>/roles/", console.roles, name="roles"),
    path("services/<str:public_id>/status/", console.service_status, name="service_status"),
]
