"""Below /o/<organization>/."""

from django.urls import path

from statuspage.organizations import console, sender_console, token_console

urlpatterns = [
    path("", console.organization, name="organization"),
    path("tokens/", token_console.api_tokens, name="api_tokens"),
    path("tokens/<str:public_id>/revocation/", token_console.api_token_revocation, name="api_token_revocation"),
    path("sender/", sender_console.sender, name="sender"),
    path("sender/<str:domain>/look/", sender_console.sender_look, name="sender_look"),
    path("sender/<str:domain>/removal/", sender_console.sender_removal, name="sender_removal"),
]
