"""Below /o/<organization>/: what moves in the room, endpoints, messages in own words, everything held of a person."""

from django.urls import path

from notifications import (
    endpoint_console,
    failure_console,
    message_console,
    people_console,
    preview_console,
    room_console,
)

_ONE_MESSAGE = "messages/<str:kind>/<str:ring>/<str:channel>/<str:language>/"

urlpatterns = [
    path("incidents/preview/", preview_console.opening_preview, name="opening_preview"),
    path("maintenance/preview/", preview_console.scheduling_preview, name="scheduling_preview"),
    path("incidents/<int:number>/preview/", preview_console.preview, name="preview"),
    path("incidents/<int:number>/pond/", room_console.pond, name="pond"),
    path("incidents/<int:number>/timeline/", room_console.timeline, name="timeline"),
    path("endpoints/", endpoint_console.all_endpoints, name="endpoints"),
    path("endpoints/new", endpoint_console.new_endpoint, name="new_endpoint"),
    path("endpoints/<str:public_id>/", endpoint_console.endpoint, name="endpoint"),
    path("endpoints/<str:public_id>/secret/", endpoint_console.endpoint_secret, name="endpoint_secret"),
    path("endpoints/<str:public_id>/test/", endpoint_console.endpoint_test, name="endpoint_test"),
    path("endpoints/<str:public_id>/pause/", endpoint_console.endpoint_pause, name="endpoint_pause"),
    path("endpoints/<str:public_id>/return/", endpoint_console.endpoint_return, name="endpoint_return"),
    path(
        "endpoints/<str:public_id>/deliveries/<int:broadcast>/replay/",
        endpoint_console.endpoint_replay,
        name="endpoint_replay",
    ),
    path("endpoints/<str:public_id>/removal/", endpoint_console.endpoint_removal, name="endpoint_removal"),
    path("own/test/", people_console.own_test, name="own_test"),
    path("messages/", message_console.all_messages, name="messages"),
    path(_ONE_MESSAGE, message_console.message, name="message"),
    path(f"{_ONE_MESSAGE}preview/", message_console.message_preview, name="message_preview"),
    path(f"{_ONE_MESSAGE}trial/", message_console.message_trial, name="message_trial"),
    path(f"{_ONE_MESSAGE}removal/", message_console.message_removal, name="message_removal"),
    path("subscribers/failures/", failure_console.failures, name="failures"),
    path("people/<str:public_id>/record/", people_console.person_record, name="person_record"),
    path("people/<str:public_id>/erasure/", people_console.erasure, name="erasure"),
]
