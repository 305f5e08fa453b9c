"""What somebody says about a file of people."""

from typing import Any

from django import forms

from statuspage.pages.models import Page
from subscribers.importing.agreeing import WORDS
from subscribers.importing.models import Consent


class FileForm(forms.Form):
    file = forms.FileField(
        label="CSV file",
        help_text="Up to 1 GB. Comma, semicolon or tab; UTF-8, UTF-16 or what Excel saves.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={"required": "Choose a file.", "empty": "There is nothing in this file. Choose another."},
    )
    page = forms.ModelChoiceField(
        queryset=Page.objects.none(),
        label="They follow this page",
        empty_label=None,
        help_text="Whoever the file puts into a ring hears what that ring hears instead.",
        error_messages={
            "required": "There is no page to follow yet. Whoever runs this installation opens one: manage.py open_page."
        },
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        pages = Page.objects.all()
        self.fields["page"].queryset = pages  # type: ignore[attr-defined]
        self.fields["page"].initial = pages.first()


class ConsentForm(forms.Form):
    consent = forms.ChoiceField(
        label="How did they agree to be written to?",
        choices=[(consent.value, words) for consent, words in WORDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Say how they agreed. Nobody is added before."},
    )

    def given(self) -> Consent:
        return Consent(self.cleaned_data["consent"])
