"""The form of one answer: radios with what belongs to each, links, a note.

Every name begins with the slug of its criterion, so that many stand in one page. What a person has
typed is never dropped unsaid: text that belongs to another choice than the one made is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assessments.catalogue.answer_form import check_answer
from assessments.forms import numbers
from assessments.forms.choices import BUT, LEVEL, NA, SAID, UNKNOWN, Choice, choices_of
from assessments.scoring.licence_names import IN_PLAIN_WORDS, as_known, meant
from assessments.scoring.problems import Problem
from assessments.scoring.terms import Answer, Criterion, Kind
from assessments.wording import Wording

WHOLE = 100
"""All of what is asked about, in per cent."""
INCOMPLETE = "incomplete"
"""The code of an error that only says what is still to be written."""

_LINES = ("licences", "offers", "needs", "evidence")
_OWN_REMEDIES: Mapping[str, str] = {
    "value": "Write only the number, for example 4.5.",
    "licences": "Write the short name of one licence on each line, for example CC-BY-SA-4.0.",
    "offers": "Write one short text on each line, at most 200 lines.",
    "needs": "Write one short text on each line, at most 200 lines.",
    "evidence": "Write one address on each line, at most 200, each beginning with https://.",
    "answer": "Choose one of the answers.",
}
_SHORTEN = "Shorten it to at most 10,000 characters."
_JOINS = re.compile(r"\b(AND|OR|WITH)\b|[()]")
_INDEX = re.compile(r"\[([0-9]+)\]")


class Texts(forms.CharField):
    """A text of several lines, with every end of line alike and no blanks at the ends."""

    def __init__(self, label: str, *, rows: int = 2, help_text: str = "", **attrs: str) -> None:
        super().__init__(
            label=label,
            required=False,
            help_text=help_text,
            widget=forms.Textarea(attrs={"rows": rows, **attrs}),
        )

    def to_python(self, value: Any) -> str:
        """The text with plain line ends."""
        return _tidy(super().to_python(value) or "")


class AnswerForm(forms.Form):
    """What an organisation says to one criterion, as its people write it.

    Bound and valid, `said` is the answer; None where nothing was filled in.
    """

    use_required_attribute = False

    def __init__(
        self,
        criterion: Criterion,
        words: Wording,
        *,
        stored: Answer | None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.criterion, self.words, self.stored = criterion, words, stored
        self.said: Answer | None = None
        self.choices = choices_of(criterion, words, stored)
        super().__init__(
            data,
            prefix=criterion.slug,
            initial=_initial(criterion, stored),
        )
        for name, field in _fields(criterion, self.choices):
            self.fields[name] = field

    def clean(self) -> dict[str, Any]:
        """Put what was written through the rules of an answer."""
        given: dict[str, Any] = self.cleaned_data
        choice = given.get("answer", "")
        if "answer" in self.errors:
            return given
        main = [name for name in _main(self.criterion) if given.get(name)]
        if not choice and main and not self._typed_elsewhere(SAID, given):
            choice = SAID
        if not choice:
            self._check_empty(given)
            return given
        if self.add_prefix("over-beside") in self.data and self.stored is not None:
            self._keep_beside(given, self.stored)
        for name in self._typed_elsewhere(choice, given):
            self.add_error(name, self._not_chosen(name, choice))
        if self.errors:
            return given
        raw = self._raw(choice, given)
        if raw is None:
            return given
        checked = check_answer(self.criterion, raw, "")
        if isinstance(checked, Answer):
            self.said = checked
        else:
            # A field with an error is not among what is given any more.
            licences = _lines(given.get("licences", ""))
            for problem in checked:
                self._add(problem, licences)
        return given

    @property
    def plain_licences(self) -> Sequence[tuple[str, str]]:
        """Short names of licences, each with what it comes to."""
        return IN_PLAIN_WORDS

    @property
    def is_incomplete(self) -> bool:
        """Whether nothing is wrong but that something is still to be written."""
        found = [error for errors in self.errors.as_data().values() for error in errors]
        return bool(found) and all(error.code == INCOMPLETE for error in found)

    @property
    def is_taken_back(self) -> bool:
        """Whether the answer is to be taken back, whatever else is filled in."""
        return self.add_prefix("take-back") in self.data

    @property
    def seen(self) -> str:
        """The mark of the answer that the person saw, or over which they save knowingly."""
        over = self.data.get(self.add_prefix("over"))
        over = over or self.data.get(self.add_prefix("over-beside"))
        return str(over or self.data.get(self.add_prefix("seen")) or "")

    def _keep_beside(self, given: dict[str, Any], theirs: Answer) -> None:
        """Leave beside one's own answer the links and the note that stand there now."""
        mine = _lines(given.get("evidence", ""))
        more = [link for link in theirs.evidence if link not in mine]
        given["evidence"] = "\n".join([*mine, *more])
        if "note" in self.fields:
            notes = (given.get("note", ""), _tidy(theirs.note))
            given["note"] = "\n".join(dict.fromkeys(note for note in notes if note))

    def _check_empty(self, given: Mapping[str, Any]) -> None:
        if any(given.get(name) for name in self.fields):
            message = "Choose an answer; what you wrote beside it is kept with it."
            self.add_error("answer", ValidationError(message, INCOMPLETE))

    def _typed_elsewhere(self, choice: str, given: Mapping[str, Any]) -> list[str]:
        """The fields with new text that belong to another choice."""
        belongs = {"reservation": choice.startswith(BUT), "na": choice == NA}
        belongs.update(dict.fromkeys(_main(self.criterion), choice == SAID))
        return [
            name
            for name, fits in belongs.items()
            # What stood there before is left behind with the choice that it belonged to.
            if not fits and given.get(name) and given[name] != self.initial.get(name, "")
        ]

    def _not_chosen(self, name: str, choice: str) -> str:
        chosen = next(one.sentence for one in self.choices if one.value == choice)
        label = self.fields[name].label
        return (
            f"You wrote something under “{label}” and chose “{chosen.rstrip('.')}”. "
            "Choose the answer that it belongs to, or empty this field."
        )

    def _raw(self, choice: str, given: Mapping[str, Any]) -> dict[str, Any] | None:
        """The keys of the answer as files have them; None with an error where one is missing."""
        raw: dict[str, Any] = {
            name: [_AS_WRITTEN.get(name, str)(line) for line in _lines(given[name])]
            for name in _LINES
            if given.get(name) and (name == "evidence" or choice == SAID)
        }
        for name in raw.keys() & {"offers", "needs"}:
            raw[name] = list(dict.fromkeys(raw[name]))  # Said twice, it is there once.
        if given.get("note"):
            raw["note"] = given["note"]
        if choice == UNKNOWN:
            return {**raw, "unknown": True}
        if choice == NA:
            return self._needed(raw, "na", given, "Write why it does not apply to you.")
        if given.get("withheld"):
            raw["withheld"] = True
        if choice.startswith(LEVEL):
            return {**raw, "level": choice.removeprefix(LEVEL)}
        if choice.startswith(BUT):
            raw["level"] = choice.removeprefix(BUT)
            return self._needed(raw, "reservation", given, "Write what the but is.")
        return self._with_main(raw, given)

    def _needed(
        self, raw: dict[str, Any], name: str, given: Mapping[str, Any], message: str
    ) -> dict[str, Any] | None:
        if not given.get(name):
            self.add_error(name, ValidationError(message, INCOMPLETE))
            return None
        return {**raw, name: given[name]}

    def _with_main(self, raw: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any] | None:
        """With the number, the licences, or what is offered and needed."""
        names = _main(self.criterion)
        if not any(given.get(name) for name in names):
            what = {
                Kind.SHARE: "Write the number, or choose another answer.",
                Kind.LICENCES: "Write the licences, or choose another answer.",
            }.get(self.criterion.kind, "Write what you offer or need, or choose another answer.")
            self.add_error(names[0], ValidationError(what, INCOMPLETE))
            return None
        if self.criterion.kind is not Kind.SHARE:
            return raw
        try:
            value = numbers.read(given["value"], self.criterion.unit)
        except numbers.NotANumber as error:
            self.add_error("value", str(error))
            return None
        if self.criterion.unit == "%" and value > WHOLE:
            self.add_error("value", f"A share is at most {WHOLE} %. Write the part of the whole.")
            return None
        return {**raw, "value": value}

    def _add(self, problem: Problem, licences: Sequence[str]) -> None:
        """A problem at the field where it can be mended; `licences` as they were written."""
        name = re.split(r"[.\[]", problem.place)[0]
        name = name if name in self.fields else "answer"
        remedy = problem.remedy
        if "quotation marks" in remedy or '"' in remedy or "key" in remedy:
            remedy = _OWN_REMEDIES.get(name, _SHORTEN)
        if "characters." in problem.message:
            remedy = _SHORTEN if name not in _LINES else "Shorten it."
        if found := _INDEX.search(problem.place):
            line = int(found[1])
            said = f"{problem.message} {remedy}"
            if name == "licences":
                said = _no_licence(licences[line]) or said
            self.add_error(name, f"Line {line + 1}: {said}")
        else:
            self.add_error(name, f"{problem.message} {remedy}")


def _no_licence(written: str) -> str:
    """What is said of one licence that cannot be read; nothing of several that are joined."""
    if _JOINS.search(written):
        return ""
    if guess := meant(written):
        return f"“{written}” is no short name of a licence. Do you mean {guess}? Then write it so."
    return (
        f"“{written}” is no short name of a licence that we know. “Short names of licences” "
        "below has those that are met most; spdx.org/licenses has all."
    )


def _main(criterion: Criterion) -> tuple[str, ...]:
    """The fields in which an answer that is no radio is written."""
    return {
        Kind.SHARE: ("value",),
        Kind.LICENCES: ("licences",),
        Kind.OFFERS: ("offers", "needs"),
    }.get(criterion.kind, ())


def _initial(criterion: Criterion, stored: Answer | None) -> dict[str, Any]:
    if stored is None:
        return {}
    choice = SAID
    if stored.level is not None:
        choice = (BUT if stored.reservation else LEVEL) + stored.level
    elif stored.unknown or stored.na:
        choice = UNKNOWN if stored.unknown else NA
    return {
        "answer": choice,
        "reservation": _tidy(stored.reservation),
        "na": _tidy(stored.na),
        "value": "" if stored.value is None else numbers.write(stored.value),
        **{name: _joined(getattr(stored, name)) for name in _LINES},
        "note": _tidy(stored.note),
        "withheld": stored.withheld,
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _address(line: str) -> str:
    """An address of the web, to which people need not write https://."""
    return f"https://{line}" if _HOST.fullmatch(line) else line


_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(:[0-9]+)?(/\S*)?", re.IGNORECASE)
_AS_WRITTEN: Mapping[str, Callable[[str], str]] = {"evidence": _address, "licences": as_known}
"""How lines become what they mean."""


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def _joined(lines: tuple[str, ...]) -> str:
    return "\n".join(" ".join(line.split()) for line in lines)


def _fields(criterion: Criterion, choices: list[Choice]) -> list[tuple[str, forms.Field]]:
    """The fields that a criterion has, in the order in which they are shown."""
    found: list[tuple[str, forms.Field]] = [
        (
            "answer",
            forms.ChoiceField(
                label="Your answer",
                required=False,
                choices=[(one.value, one.sentence) for one in choices],
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Choose one of the answers."},
            ),
        )
    ]
    if criterion.kind is Kind.PRACTICE:
        found.append(("reservation", Texts("But what?", rows=3)))
    elif criterion.kind is Kind.SHARE:
        unit = f" ({criterion.unit})" if criterion.unit else ""
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        field = forms.CharField(label=f"The number{unit}", required=False, widget=widget)
        found.append(("value", field))
    elif criterion.kind is Kind.LICENCES:
        found.append(("licences", Texts("Licences, one on a line", rows=3, spellcheck="false")))
    else:
        if criterion.kind is Kind.OFFERS:
            found.append(("offers", Texts("We offer, one thing on a line", rows=4)))
            found.append(("needs", Texts("We need, one thing on a line", rows=4)))
    if any(one.is_na for one in choices):
        found.append(("na", Texts("Why does it not apply?")))
    found.append(("evidence", Texts("Links that show it, one on a line", spellcheck="false")))
    found.append(("note", Texts("A note")))
    if criterion.kind is not Kind.OFFERS:
        found.append(
            ("withheld", forms.BooleanField(label="Keep this answer private", required=False))
        )
    return found
