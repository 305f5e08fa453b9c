"""What the application answers on a public page's host; everything else there is a file (see front.py)."""

from django.urls import path

from statuspage.pages import public as page_doors
from subscribers import public

urlpatterns = [path("u/<str:token>", public.unsubscribe, name="unsubscribe")]

handler400 = page_doors.not_understood
handler404 = page_doors.not_found
handler500 = page_doors.broken
