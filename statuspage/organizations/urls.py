"""Below /o/<organization>/."""

from django.urls import path

from statuspage.organizations import console

urlpatterns = [path("", console.organization, name="organization")]
