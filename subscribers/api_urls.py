"""Below /api/ripple/ on the console's host."""

from django.urls import path

from subscribers import people_api

urlpatterns = [
    path("people", people_api.people, name="api_people"),
    path("people/<str:public_id>", people_api.person, name="api_person"),
    path("rings", people_api.rings, name="api_rings"),
]
