"""What the application answers on a public page's host; everything else there is a file (see front.py)."""

from django.urls import path, re_path

from statuspage import public as shown_doors
from statuspage.pages import public as page_doors
from subscribers import public

urlpatterns = [
    path("u/<str:token>", public.unsubscribe, name="unsubscribe"),
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
