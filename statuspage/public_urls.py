"""What the application answers on a public page's host; everything else there is a file."""

from django.urls import path

from subscribers import public

urlpatterns = [path("u/<str:token>", public.unsubscribe, name="unsubscribe")]
