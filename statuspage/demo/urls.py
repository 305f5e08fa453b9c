"""The inbox, on the console's host."""

from django.urls import path

from statuspage.demo import inbox, seeding

urlpatterns = [
    path("inbox/", inbox.show, {"organization": seeding.ACME.slug}, name="inbox"),
    path("inbox/<slug:organization>/", inbox.show, name="inbox_of"),
    path("inbox/<slug:organization>/news/", inbox.news, name="inbox_news"),
    path("inbox/<slug:organization>/<int:broadcast>/", inbox.mail, name="inbox_mail"),
]
