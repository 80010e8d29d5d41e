"""What people type about themselves and their organisation; a form checks and never saves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from orgs import places
from orgs.models import Organisation
from orgs.models.membership import Role

_SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
SIZE_CLASSES = ("1", "2-9", "10-49", "50-249", "250+")
LICENCES = {
    "CC-BY-SA-4.0": "CC BY-SA 4.0: others may use it, name you, and share what they make alike",
    "CC-BY-4.0": "CC BY 4.0: others may use it and name you",
    "CC0-1.0": "CC0 1.0: others may use it, without conditions",
}
"""The licences for what an organisation publishes here, by their SPDX identifiers."""

ROLES = {
    Role.STEWARD: "Steward: also publishes, invites, and says what you ask of others",
    Role.EDITOR: "Editor: answers questions and describes the organisation",
    Role.VIEWER: "Viewer: reads all but the messages, changes nothing",
}
"""What each role may do, as it is said to people."""

MOST_SECTORS, MOST_LANGUAGES = 20, 20
SUMMARY_LENGTH = 2_000


class _Printable(forms.CharField):
    """A text without signs that cannot be shown, as NUL."""

    def _refuse_control_signs(self, text: str) -> None:
        if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text if sign not in "\n\t"):
            raise ValidationError(
                f"{self.label}: there is a sign in it that cannot be shown. Write it anew."
            )

    def run_validators(self, value: str) -> None:
        """Say one thing at a time: a sign that cannot be shown before all else."""
        if value:
            self._refuse_control_signs(value)
        super().run_validators(value)


class LineField(_Printable):
    """A text on one line: blanks and line breaks become single blanks."""

    def to_python(self, value: Any) -> str:
        """The line."""
        return " ".join((super().to_python(value) or "").split())


class TextField(_Printable):
    """A text of several lines, all with the same line breaks."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """The text."""
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class WordsField(LineField):
    """Words or names parted by commas; a list without doubles."""

    def __init__(self, *, most: int, longest: int = 100, **others: Any) -> None:
        super().__init__(max_length=most * longest, **others)
        self.most = most
        self.longest = longest

    def clean(self, value: Any) -> list[str]:
        """The list."""
        words = [" ".join(word.split()) for word in super().clean(value).split(",")]
        found = list(dict.fromkeys(filter(None, words)))
        if len(found) > self.most:
            raise ValidationError(f"{self.label}: write at most {self.most}.")
        for word in found:
            if len(word) > self.longest:
                raise ValidationError(
                    f"{self.label}: “{word[:30]}…” is too long. Write at most {self.longest} "
                    "letters, and part them with commas."
                )
        return found

    def prepare_value(self, value: Any) -> Any:
        """A list as it is typed."""
        return ", ".join(value) if isinstance(value, list) else value


class LanguagesField(WordsField):
    """Languages by their names or tags; a list of tags."""

    def clean(self, value: Any) -> list[str]:
        """The tags."""
        tags = {word: places.language_tag(word) for word in super().clean(value)}
        if unknown := [word for word, tag in tags.items() if tag is None]:
            raise ValidationError(
                f"Languages: “{unknown[0]}” is not known here. Write its name in English, as "
                "“Welsh”, or its code, as “cy”."
            )
        return list(dict.fromkeys(tag for tag in tags.values() if tag))

    def prepare_value(self, value: Any) -> Any:
        """The tags as names."""
        return ", ".join(map(places.language, value)) if isinstance(value, list) else value


class DegreesField(forms.FloatField):
    """Degrees as a decimal number, with a point or a comma."""

    widget = forms.TextInput

    def __init__(self, *, most: int, example: str, **others: Any) -> None:
        super().__init__(min_value=-most, max_value=most, **others)
        wrong = f"{self.label}: write a number from −{most} to {most}, as {example}."
        self.error_messages |= {"invalid": wrong}
        for validator in self.validators:
            validator.message = wrong  # type: ignore[attr-defined]  # Each has one.

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]  # Its field says Any.
        """The number."""
        if isinstance(value, str):
            value = value.strip().replace(",", ".").replace("−", "-")
        return super().to_python(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """What brings up the keyboard with figures."""
        return {"inputmode": "text", "autocomplete": "off"}


class DescriptionForm(forms.Form):
    """How an organisation describes itself."""

    name = LineField(
        label="Name",
        max_length=200,
        help_text="As you call yourselves.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={
            "required": "Write the name of your organisation.",
            "max_length": "The name is too long: write at most 200 letters.",
        },
    )
    summary = TextField(
        label="In a few sentences",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=SUMMARY_LENGTH,
        help_text="What you do, with whom and for whom. It stands at the head of your profile.",
        error_messages={
            "max_length": "“In a few sentences” has at most 2,000 letters: shorten it."
        },
    )
    sectors = WordsField(
        label="What you work in",
        required=False,
        most=MOST_SECTORS,
        help_text="A few words with commas between them, as “software, advice”.",
    )
    legal_form = LineField(
        label="Legal form",
        required=False,
        max_length=200,
        help_text="As “worker co-operative”, “association” or “none”. It decides nothing here.",
        error_messages={"max_length": "The legal form is too long: write at most 200 letters."},
    )
    size_class = forms.ChoiceField(
        label="How many people",
        required=False,
        help_text="Who work in it or live in it.",
        error_messages={"invalid_choice": "Choose one of the sizes."},
    )
    country = forms.ChoiceField(
        label="Country",
        required=False,
        widget=forms.Select(attrs={"autocomplete": "country"}),
        error_messages={"invalid_choice": "Choose one of the countries."},
    )
    place = LineField(
        label="Place",
        required=False,
        max_length=200,
        help_text="Town or region.",
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
        error_messages={"max_length": "The place is too long: write at most 200 letters."},
    )
    latitude = DegreesField(
        label="Latitude",
        required=False,
        most=90,
        example="53.8",
        help_text="In degrees, north is positive. With the longitude, or leave out both.",
    )
    longitude = DegreesField(
        label="Longitude",
        required=False,
        most=180,
        example="-1.55",
        help_text="In degrees, east is positive.",
    )
    website = forms.URLField(
        label="Website",
        required=False,
        max_length=2_000,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
        error_messages={
            "invalid": "Write the address of the website, as https://alder.example.",
            "max_length": "The address of the website is too long.",
        },
    )
    languages = LanguagesField(
        label="Languages you work in",
        required=False,
        most=MOST_LANGUAGES,
        help_text="By name or code, with commas between them, as “English, Welsh”.",
    )
    licence = forms.ChoiceField(
        label="Licence of what you publish here",
        widget=forms.RadioSelect,
        initial="CC-BY-SA-4.0",
        help_text="Your published answers and this description; so that others may build on them.",
        error_messages={
            "invalid_choice": "Choose one of the licences.",
            "required": "Choose one of the licences.",
        },
    )

    def __init__(
        self, *arguments: Any, organisation: Organisation | None = None, **others: Any
    ) -> None:
        if organisation is not None:
            initial = {name: getattr(organisation, name) for name in self.base_fields}
            initial["licence"] = initial["licence"] or "CC-BY-SA-4.0"
            others["initial"] = initial
        super().__init__(*arguments, **others)
        not_said = {"": "Not said"}
        self._offer("size_class", not_said | dict.fromkeys(SIZE_CLASSES, ""))
        self._offer("country", not_said | dict(places.countries()))
        self._offer("licence", LICENCES)

    def _offer(self, name: str, choices: Mapping[str, str]) -> None:
        """Offer choices, and what the organisation has said, be it among them or not."""
        field = cast(forms.ChoiceField, self.fields[name])
        said = str(self.initial.get(name) or "")
        offered = {**choices} if not said or said in choices else {**choices, said: said}
        field.choices = [(one, label or one) for one, label in offered.items()]

    def said(self, name: str) -> str:
        """What the organisation says now on something, as it is read."""
        value = self[name].value()
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField) and value:
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]  # No groups.
        return "" if value is None else str(value)

    def clean_website(self) -> str:
        """An address of the web, without a name and password in it."""
        website = str(self.cleaned_data["website"])
        if not website:
            return ""
        if not website.lower().startswith(("http://", "https://")) or "@" in website.split("/")[2]:
            raise ValidationError("Write the address of the website, as https://alder.example.")
        host = website.split("/")[2].lower()
        if host.startswith("www.") and host.count(".") < 2:
            raise ValidationError(f"“{host}” lacks its ending, as in {host}.coop.")
        return website

    def clean(self) -> dict[str, Any]:
        """A place has both coordinates or none."""
        cleaned = super().clean() or {}
        for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
            if cleaned.get(one, "wrong") is None and cleaned.get(other) is not None:
                self.add_error(one, f"Write the {one} too, or leave out the {other}.")
                break
        return cleaned


class FoundForm(DescriptionForm):
    """An organisation that is new here, with the address of its pages."""

    slug = forms.CharField(
        label="Short name for its address",
        required=False,
        max_length=100,
        help_text="Small letters, figures and hyphens; left empty, it is made from the name. "
        "It cannot be changed later.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"max_length": "The short name is too long: at most 100 letters."},
    )
    field_order = ["name", "slug"]
    taken = ""
    """The short name that was wanted, if an organisation has it."""

    def clean(self) -> dict[str, Any]:
        """The short name that was given, or one made from the name, and free."""
        cleaned = super().clean()
        if "slug" not in cleaned or not (cleaned["slug"] or "name" in cleaned):
            return cleaned
        made = slugify(cleaned.get("name", "")).replace("_", "-")[:100].strip("-")
        slug = cleaned["slug"].lower() or made
        if not slug:
            self.add_error("slug", "Write a short name in Latin letters, as “casa-azul”.")
        elif not _SLUG.fullmatch(slug):
            self.add_error(
                "slug",
                "The short name has small letters a–z, figures, and single hyphens between them, "
                "as “casa-azul”.",
            )
        elif Organisation.objects.filter(slug=slug).exists():
            self.say_taken(slug)
        return {**cleaned, "slug": slug}

    def say_taken(self, slug: str) -> None:
        """Say that there is an organisation of that short name."""
        self.taken = slug
        self.add_error(
            "slug",
            f"There is an organisation with the short name “{slug}” already. Write another, "
            "perhaps with your town.",
        )


class NameForm(forms.Form):
    """What a person is called."""

    name = LineField(
        label="Your name",
        required=False,
        max_length=200,
        help_text="Members of your organisations see it; nobody else does.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"max_length": "The name is too long: write at most 200 letters."},
    )


class InviteForm(forms.Form):
    """Who is invited, in which role."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Write the e-mail address of the person you invite.",
            "invalid": "Write an e-mail address, as ana@alder.example.",
            "max_length": "The e-mail address is too long.",
        },
    )
    role = forms.ChoiceField(
        label="Role",
        choices=list(ROLES.items()),
        initial=Role.EDITOR,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role.", "invalid_choice": "Choose a role."},
    )

    @property
    def invited(self) -> str:
        """The address as it is kept."""
        return str(self.cleaned_data["email"]).lower()


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(
        label="Role",
        choices=list(ROLES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role.", "invalid_choice": "Choose a role."},
    )
