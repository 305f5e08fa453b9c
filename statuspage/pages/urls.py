"""Below /o/<organization>/."""

from django.urls import path

from statuspage.pages import audience_console, embed_console, host_console, look_console, page_console, service_console

urlpatterns = [
    path("pages/", page_console.pages, name="pages"),
    path("pages/<str:public_id>/", page_console.page, name="page"),
    path("pages/<str:public_id>/hosts/", host_console.hosts, name="hosts"),
    path("pages/<str:public_id>/subdomains/", host_console.subdomains, name="subdomains"),
    path("pages/<str:public_id>/hosts/<str:name>/proof/", host_console.host_proof, name="host_proof"),
    path("pages/<str:public_id>/hosts/<str:name>/main/", host_console.host_main, name="host_main"),
    path("pages/<str:public_id>/hosts/<str:name>/removal/", host_console.host_removal, name="host_removal"),
    path("pages/<str:public_id>/look/", look_console.look, name="look"),
    path("pages/<str:public_id>/look/<str:scheme>.css", look_console.look_style, name="look_style"),
    path("pages/<str:public_id>/images/<str:kind>/", look_console.page_image, name="page_image"),
    path(
        "pages/<str:public_id>/images/<str:kind>/removal/", look_console.page_image_removal, name="page_image_removal"
    ),
    path("pages/<str:public_id>/texts/", look_console.texts, name="texts"),
    path("pages/<str:public_id>/visit/", audience_console.visit, name="visit"),
    path("pages/<str:public_id>/embeds/", embed_console.embeds, name="embeds"),
    path("pages/<str:public_id>/audience/", audience_console.audience, name="audience"),
    path("pages/<str:public_id>/key/", audience_console.key, name="key"),
    path("pages/<str:public_id>/ring-links/", audience_console.ring_link, name="ring_link"),
    path("pages/<str:public_id>/ring-links/<str:link_id>/revocation/", audience_console.revocation, name="revocation"),
    path("services/", service_console.services, name="services"),
    path("services/new", service_console.new_service, name="new_service"),
    path("services/groups/<str:public_id>/", service_console.service_group, name="service_group"),
    path("services/<str:public_id>/", service_console.service, name="service"),
    path("services/<str:public_id>/archival/", service_console.archival, name="archival"),
]
