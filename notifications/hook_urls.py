"""Below /hooks/: doors of providers."""

from django.urls import path

from notifications import hooks

urlpatterns = [
    path("mail", hooks.mail, name="mail_hook"),
    path("sms/<str:token>", hooks.sms_fate, name="sms_fate_hook"),
]
