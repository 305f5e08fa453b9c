"""The door behind a mailed invitation: for whoever logs in with its address already, and for whoever never did."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from statuspage.organizations import joining as story
from statuspage.organizations.models import Invitation, Member, Role, User

BACKEND = "django.contrib.auth.backends.ModelBackend"


class JoinForm(forms.Form):
    """Whoever never logged in says how they are called, and by what they will log in."""

    name = forms.CharField(label="Your name", max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label="A password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text="At least ten characters. Several words that only you put together are best.",
    )

    def __init__(self, data: object = None, *, email: str = "") -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self._email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self._email, name=self.cleaned_data.get("name", "")))
        return password


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def joining(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button. Only who reads the address's mail comes here; whoever else is logged in logs out first."""
    row = story.find(token)
    if row is None:
        return _gone(request)
    if request.user.is_authenticated:
        return _with_account(request, row, request.user)
    if User.objects.filter(email=row.email).exists():
        return _show(request, row, is_known=True)
    return _anew(request, row)


def _with_account(request: HttpRequest, row: Invitation, user: User) -> HttpResponse:
    if request.method != "POST" or user.email != row.email:
        return _show(request, row, is_them=user.email == row.email)
    try:
        return _welcome(request, story.join(row, user))
    except story.GoneError:
        return _gone(request)


def _anew(request: HttpRequest, row: Invitation) -> HttpResponse:
    if request.method != "POST":
        return _show(request, row, form=JoinForm())
    form = JoinForm(request.POST, email=row.email)
    if not form.is_valid():
        return _show(request, row, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        member = story.join_anew(row, **form.cleaned_data)
    except story.GoneError:
        return _gone(request)
    login(request, member.user, backend=BACKEND)
    return _welcome(request, member)


def _welcome(request: HttpRequest, member: Member) -> HttpResponse:
    messages.success(request, f"Welcome to {member.organization}. You are {Role(member.role).label.lower()} here.")
    return HttpResponseRedirect(resolve_url("organization", member.organization.slug), status=HTTPStatus.SEE_OTHER)


def _show(request: HttpRequest, row: Invitation, *, status: int = HTTPStatus.OK, **more: object) -> HttpResponse:
    return render(request, "console/members/join.html", {"it": row, "role": Role(row.role), **more}, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "console/members/gone.html", status=HTTPStatus.NOT_FOUND)
