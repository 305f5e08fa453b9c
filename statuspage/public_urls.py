"""What the application answers on a public page's host; everything else there is a file (see front.py)."""

from django.urls import path, re_path

from notifications.endpoint_forms import recognise
from statuspage import public as shown_doors
from statuspage import showing
from statuspage.pages import public as page_doors
from subscribers import api, public

ABOUT = {"about_of": showing.about}
ASKED = {**ABOUT, "recognise": recognise}
"""Subscribers know of no incident, and not whose an address is: they are told."""

urlpatterns = [
    path("u/<str:token>", public.unsubscribe, name="unsubscribe"),
    path("u/<str:token>/choices", public.choices, ABOUT, name="choices"),
    path("u/<str:token>/incidents/<str:incident>", public.one_incident, ABOUT, name="one_incident"),
    path("subscribe", public.subscribe, ASKED, name="subscribe"),
    path("subscribe/incidents/<str:incident>", public.subscribe_to_incident, ABOUT, name="subscribe_to_incident"),
    path("subscribe/code", public.code, name="subscribe_code"),
    path("subscribe/link", public.link, name="subscribe_link"),
    path("subscribe/confirmation/<str:token>", public.confirmation, name="subscribe_confirmation"),
    path("api/v2/subscribers.json", api.subscribers, ASKED, name="api_subscribers"),
    path("look/end", page_doors.leave, name="leave"),
    path("look/password", page_doors.password, name="password"),
    path("look/email", page_doors.email, name="email"),
    path("look/<str:token>", page_doors.look, name="look"),
    path("d/<str:token>", page_doors.ring_link, name="ring_link"),
    path("d/<str:token>/", shown_doors.depth, name="depth"),
    path("d/<str:token>/<path:path>", shown_doors.depth),
    re_path("", shown_doors.page, name="shown"),
]

handler400 = page_doors.not_understood
handler404 = page_doors.not_found
handler500 = page_doors.broken
