"""The console's addresses as the demo has them."""

from django.urls import include, path

from statuspage import urls

urlpatterns = [*urls.urlpatterns, path("", include("statuspage.demo.urls"))]
