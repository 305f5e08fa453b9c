"""Below /o/<organization>/."""

from django.urls import path

from statuspage.pages import console, page_console

urlpatterns = [
    path("pages/", page_console.pages, name="pages"),
    path("pages/<str:public_id>/", page_console.page, name="page"),
    path("services/", console.services, name="services"),
    path("services/new", console.new_service, name="new_service"),
    path("services/groups/<str:public_id>/", console.service_group, name="service_group"),
    path("services/<str:public_id>/", console.service, name="service"),
    path("services/<str:public_id>/archival/", console.archival, name="archival"),
]
