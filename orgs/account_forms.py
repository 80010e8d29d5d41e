"""The forms of an account in our words: no field twice, nothing written inside a field."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.core.validators import EmailValidator, MaxLengthValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from orgs.forms import NameForm
from orgs.models import User

PASSWORD_HELP = "At least 10 characters. A few words that only you put together do well."  # noqa: S105
_EMAIL = EmailValidator("Write an e-mail address, as ana@alder.example.")
_NOT_ENDLESS = MaxLengthValidator(1_000, "A password has at most 1,000 characters here.")
_WRITE_EMAIL = "Write your e-mail address."
_WRITE_PASSWORD = "Write your password."  # noqa: S105


def _in_our_words(form: forms.BaseForm, **labels: str) -> None:
    """Give fields their labels, and messages that say what to do."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in labels:
            field.label = labels[name]
        if isinstance(field, forms.EmailField):
            field.widget.attrs["autocomplete"] = "username" if name == "login" else "email"
            field.error_messages["required"] = _WRITE_EMAIL
            field.validators = [
                _EMAIL if isinstance(one, EmailValidator) else one for one in field.validators
            ]
        elif isinstance(field.widget, forms.PasswordInput):
            field.error_messages["required"] = _WRITE_PASSWORD
            field.validators = [*field.validators, _NOT_ENDLESS]
            field.widget.attrs.setdefault("autocomplete", "current-password")
            is_new = field.widget.attrs["autocomplete"] == "new-password"
            field.help_text = PASSWORD_HELP if is_new else ""


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]  # Untyped.
    """Address and password."""

    def __init__(self, *arguments: Any, **others: Any) -> None:
        super().__init__(*arguments, **others)
        _in_our_words(self, login="E-mail address", password="Password")  # noqa: S106


class SignupForm(NameForm, allauth_forms.SignupForm):  # type: ignore[misc]  # Untyped.
    """Address, password, and a name if one likes."""

    account_already_exists: bool
    field_order = ["email", "password1", "name"]

    def __init__(self, *arguments: Any, **others: Any) -> None:
        super().__init__(*arguments, **others)
        _in_our_words(self, email="E-mail address", password1="Password")

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Save the person, or tell the owner of the address by mail that there is an account.

        Both take as long, and of two who sign up at the same moment with one address one is saved.
        """
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        try:
            with transaction.atomic():
                saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            saved = super().try_save(request)
        return saved

    def signup(self, request: HttpRequest, user: User) -> None:
        """Give the person their name; allauth calls it when it has saved the rest."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class AddEmailForm(allauth_forms.AddEmailForm):  # type: ignore[misc]  # Untyped.
    """Another address to log in with."""

    def __init__(self, *arguments: Any, **others: Any) -> None:
        super().__init__(*arguments, **others)
        _in_our_words(self, email="New e-mail address")


class EraseForm(allauth_forms.ReauthenticateForm):  # type: ignore[misc]  # Untyped.
    """Your password, by which somebody else at your screen cannot erase you."""

    def __init__(self, *arguments: Any, **others: Any) -> None:
        super().__init__(*arguments, **others)
        _in_our_words(self, password="Your password")  # noqa: S106


class ResetPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc]  # Untyped.
    """Where the link to a new password goes."""

    def __init__(self, *arguments: Any, **others: Any) -> None:
        super().__init__(*arguments, **others)
        _in_our_words(self, email="E-mail address")

    def save(self, request: HttpRequest, **others: Any) -> str:
        """Send the link, and say where to: whoever mistyped their address sees it."""
        sent_to: str = super().save(request, **others)
        messages.info(request, f"We have sent a link to {sent_to}.")
        return sent_to


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]  # Untyped.
    """A new password, once."""

    def __init__(self, *arguments: Any, **others: Any) -> None:
        super().__init__(*arguments, **others)
        del self.fields["password2"]
        _in_our_words(self, password1="New password")


class ChangePasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc]  # Untyped.
    """The password one has, and a new one."""

    def __init__(self, *arguments: Any, **others: Any) -> None:
        super().__init__(*arguments, **others)
        del self.fields["password2"]
        _in_our_words(self, oldpassword="Your password now", password1="New password")
