"""The console's addresses. A public page's own host has public_urls instead."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from notifications import hold_console
from statuspage import previewing, probing
from statuspage.organizations import console, joining_console
from statuspage.pages.look_forms import LookForm, TextsForm

OF_AN_ORGANIZATION = (
    "statuspage.organizations.urls",
    "statuspage.pages.urls",
    "incidents.urls",
    "subscribers.urls",
    "notifications.urls",
)

PREVIEWS = [
    path("pages/<str:public_id>/look/preview/", previewing.preview, {"of": LookForm}, name="look_preview"),
    path("pages/<str:public_id>/texts/preview/", previewing.preview, {"of": TextsForm}, name="texts_preview"),
]

urlpatterns = [
    path("", console.home, name="home"),
    path("healthz", probing.healthz, name="healthz"),
    path("readyz", probing.readyz, name="readyz"),
    path("metrics", probing.metrics, name="metrics"),
    path("join/<str:token>/", joining_console.joining, name="joining"),
    path("operations/hold/", hold_console.hold, name="hold"),
    path("operations/hold/release/", hold_console.release, name="release"),
    path("operations/hold/dropped/", hold_console.dropped, name="dropped"),
    *(path("o/<slug:organization>/", include(urls)) for urls in (*OF_AN_ORGANIZATION, PREVIEWS)),
    path("api/ripple/", include("subscribers.api_urls")),
    path("hooks/", include("subscribers.hook_urls")),
    path("hooks/", include("notifications.hook_urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    *([path("", include("statuspage.demo.urls"))] if settings.DEMO else []),
]
