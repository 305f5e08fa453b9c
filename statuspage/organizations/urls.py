"""Below /o/<organization>/."""

from django.urls import path

from statuspage.organizations import audit_console, console, invitation_console, sender_console, token_console

urlpatterns = [
    path("", console.organization, name="organization"),
    path("audit/", audit_console.audit_log, name="audit_log"),
    path("tokens/", token_console.api_tokens, name="api_tokens"),
    path("tokens/<str:public_id>/revocation/", token_console.api_token_revocation, name="api_token_revocation"),
    path("members/invitations/", invitation_console.invitations, name="invitations"),
    path("members/invitations/<str:public_id>/mail/", invitation_console.invitation_mail, name="invitation_mail"),
    path(
        "members/invitations/<str:public_id>/withdrawal/",
        invitation_console.invitation_withdrawal,
        name="invitation_withdrawal",
    ),
    path("sender/", sender_console.sender, name="sender"),
    path("sender/<str:domain>/look/", sender_console.sender_look, name="sender_look"),
    path("sender/<str:domain>/removal/", sender_console.sender_removal, name="sender_removal"),
]
