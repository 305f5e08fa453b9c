"""Below /o/<organization>/."""

from django.urls import path

from statuspage.organizations import console, token_console

urlpatterns = [
    path("", console.organization, name="organization"),
    path("tokens/", token_console.api_tokens, name="api_tokens"),
    path("tokens/<str:public_id>/revocation/", token_console.api_token_revocation, name="api_token_revocation"),
]
