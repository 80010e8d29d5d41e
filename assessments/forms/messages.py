"""The form of a message to another organisation: it checks, it never sends."""

from __future__ import annotations

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
