"""Below /o/<organization>/."""

from django.urls import path

from subscribers import console

urlpatterns = [
    path("people/", console.people, name="people"),
    path("people/new", console.new_person, name="new_person"),
    path("people/<str:public_id>/", console.person, name="person"),
    path("people/<str:public_id>/removal/", console.removal, name="removal"),
]
