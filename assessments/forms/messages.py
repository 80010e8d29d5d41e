"""The forms of what is written to another organisation: they check, they never send."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms

SHORTEST, LONGEST = 10, 5_000
"""How many characters a message may have."""


class MessageForm(forms.Form):
    """A text of a few sentences."""

    text = forms.CharField(
        label="Your message",
        min_length=SHORTEST,
        max_length=LONGEST,
        help_text=f"At most {LONGEST:,} characters. Who reads it sees the name of your "
        "organisation, not yours, and no address.",
        error_messages={
            "required": "Write something.",
            "min_length": f"Write at least {SHORTEST} characters.",
            "max_length": f"Write at most {LONGEST:,} characters (you have %(show_value)d).",
            "null_characters_not_allowed": "Take the invisible characters out.",
        },
        widget=forms.Textarea(attrs={"rows": 10}),
    )


class AskForm(MessageForm):
    """Which of some open questions one asks, and perhaps a few words of one's own."""

    field_order = ("questions", "text")

    def __init__(
        self,
        questions: Sequence[tuple[str, str]],
        data: Mapping[str, Any] | None = None,
        *,
        ticked: Collection[str],
    ) -> None:
        """`questions`: slug and text of each; `ticked`: the slugs of those that are at first."""
        chosen = [slug for slug, _ in questions if slug in ticked]
        super().__init__(data, initial={"questions": chosen})
        self.fields["questions"] = forms.MultipleChoiceField(
            choices=questions,
            label="Which questions?",
            error_messages={
                "required": "Choose at least one question.",
                "invalid_choice": "One of the questions is not open any more. Look at your choice "
                "again.",
            },
            widget=forms.CheckboxSelectMultiple,
        )
        text = self.fields["text"]
        text.required, text.label = False, "In your own words"
        text.help_text = f"At most {LONGEST:,} characters; they stand below the questions."
        text.widget.attrs["rows"] = 4
        self.order_fields(self.field_order)
