"""Below /o/<organization>/."""

from django.urls import path

from subscribers import console, following_console, import_console, member_console, own_console, sms_console

urlpatterns = [
    path("members/", member_console.members, name="members"),
    path("members/<int:member_id>/", member_console.member, name="member"),
    path("members/<int:member_id>/removal/", member_console.member_removal, name="member_removal"),
    path("own/", own_console.own, name="own"),
    path("own/addresses/", own_console.own_addresses, name="own_addresses"),
    path("own/addresses/<str:token>/removal/", own_console.own_address_removal, name="own_address_removal"),
    path("own/code/", own_console.own_code, name="own_code"),
    path("own/confirmation/<str:token>/", own_console.own_confirmation, name="own_confirmation"),
    path("people/", console.people, name="people"),
    path("people/new", console.new_person, name="new_person"),
    path("subscribers/", following_console.subscribers, name="subscribers"),
    path("subscribers/numbers/", following_console.subscriber_numbers, name="subscriber_numbers"),
    path("subscribers/suppressed/", following_console.suppressions, name="suppressions"),
    path("subscribers/suppressed/<str:fingerprint>/end/", following_console.suppression_end, name="suppression_end"),
    path("sms/", sms_console.sms, name="sms"),
    path("people/export/", import_console.export, name="export"),
    path("people/imports/", import_console.imports, name="imports"),
    path("people/imports/<str:public_id>/", import_console.import_file, name="import_file"),
    path("people/imports/<str:public_id>/consent/", import_console.import_consent, name="import_consent"),
    path("people/imports/<str:public_id>/removal/", import_console.import_removal, name="import_removal"),
    path("people/imports/<str:public_id>/rejected.csv", import_console.import_rejected, name="import_rejected"),
    path("people/<str:public_id>/", console.person, name="person"),
    path("people/<str:public_id>/removal/", console.removal, name="removal"),
]
