"""Below /hooks/: doors of providers."""

from django.urls import path

from subscribers import hooks

urlpatterns = [path("sms", hooks.sms, name="sms_hook")]
