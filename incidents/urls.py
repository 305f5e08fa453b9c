"""Below /o/<organization>/."""

from django.urls import path

from incidents import console, maintenance_console

urlpatterns = [
    path("incidents/", console.incidents, name="incidents"),
    path("incidents/new", console.new_incident, name="new_incident"),
    path("incidents/<int:number>/", console.incident, name="incident"),
    path("incidents/<int:number>/updates/", console.updates, name="updates"),
    path("incidents/<int:number>/severity/", console.severity, name="severity"),
    path("incidents/<int:number>/resolution/", console.resolution, name="resolution"),
    path("incidents/<int:number>/roles/", console.roles, name="roles"),
    path("maintenance/", maintenance_console.maintenance, name="maintenance"),
    path("maintenance/new", maintenance_console.new_maintenance, name="new_maintenance"),
    path("incidents/<int:number>/beginning/", maintenance_console.beginning, name="beginning"),
    path("incidents/<int:number>/window/", maintenance_console.window, name="window"),
    path("incidents/<int:number>/completion/", maintenance_console.completion, name="completion"),
    path("incidents/<int:number>/cancellation/", maintenance_console.cancellation, name="cancellation"),
    path("services/<str:public_id>/status/", console.service_status, name="service_status"),
]
