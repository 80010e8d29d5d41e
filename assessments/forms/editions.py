"""The forms of curators: an edition handed in, and the word that publishes it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings


def megabytes(size: int) -> str:
    """A size in bytes as people say it: "1 MB", "1.2 MB"."""
    return f"{size / 1_000_000:.1f}".removesuffix(".0") + " MB"


class EditionForm(forms.Form):
    """An edition as TOML: a file, or pasted."""

    has_alternatives = True
    """One of the two is needed, so that neither is called optional."""

    file = forms.FileField(
        label="A file",
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".toml,application/toml,text/plain"}),
    )
    text = forms.CharField(
        label="Or its text",
        required=False,
        strip=False,
        error_messages={"null_characters_not_allowed": "Take the null characters out of the text."},
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "wrap": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "file"
        ].help_text = f"TOML, at most {megabytes(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)}."

    def clean(self) -> dict[str, Any]:
        """At least one of the two; a file that was chosen counts, not the text of the last try."""
        given = self.cleaned_data
        file, has_text = given.get("file"), bool(given.get("text", "").strip())
        if file is not None:
            content: bytes = file.read()
            if not content.strip():
                raise forms.ValidationError("The file is empty.")
            given["file"] = content
        elif not has_text and not self.errors:
            raise forms.ValidationError("Choose a file or paste the text of an edition.")
        return given

    @property
    def has_both(self) -> bool:
        """Whether a text came beside a file; only of a form that is valid."""
        given = self.cleaned_data
        return given["file"] is not None and bool(given.get("text", "").strip())

    def document(self) -> bytes:
        """What was handed in; only of a form that is valid."""
        content: bytes | None = self.cleaned_data["file"]
        if content is not None:
            return content
        text: str = self.cleaned_data["text"]
        return text.encode("utf-8", "replace")


class ConfirmationForm(forms.Form):
    """The slug of an edition, typed, so that nobody publishes by a slip."""

    confirmation = forms.CharField(
        max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )

    def __init__(self, slug: str, data: Any = None) -> None:
        self.slug = slug
        super().__init__(data)
        field = self.fields["confirmation"]
        field.label = f"Type {slug} to publish it"
        field.error_messages["required"] = f"Type {slug}, exactly so."
        field.error_messages["max_length"] = f"Type {slug}, exactly so."
        field.error_messages["null_characters_not_allowed"] = f"Type {slug}, exactly so."

    def clean_confirmation(self) -> str:
        """It has to be the slug."""
        typed: str = self.cleaned_data["confirmation"]
        if typed != self.slug:
            raise forms.ValidationError(f"Type {self.slug}, exactly so.")
        return typed
