"""Below /o/<organization>/: what moves in the incident room."""

from django.urls import path

from notifications import console

urlpatterns = [
    path("incidents/preview/", console.opening_preview, name="opening_preview"),
    path("maintenance/preview/", console.scheduling_preview, name="scheduling_preview"),
    path("incidents/<int:number>/preview/", console.preview, name="preview"),
    path("incidents/<int:number>/pond/", console.pond, name="pond"),
    path("incidents/<int:number>/timeline/", console.timeline, name="timeline"),
]
