"""What is new, in plain words: for the page and for the weekly mail."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.compatibility.encoding import NO_DEAL_BREAKER, UNKNOWN
from assessments.compatibility.turns import Force, Item, Kind, Turn
from assessments.scoring.terms import SAME, Criterion, Role
from assessments.tracing import Cause, Traced
from assessments.wording import Wording

NOBODY = "An organisation that is no longer here"


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence: what comes before the question, the question (or nothing), what comes after."""

    before: str
    question: str = ""
    criterion: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """The whole sentence."""
        return f"{self.before}“{self.question}”{self.after}" if self.question else self.before


@dataclass(frozen=True, slots=True)
class Told:
    """Who turned, and why: how the reasons work together, and each as a sentence."""

    name: str
    lead: str
    reasons: tuple[Reason, ...]

    @property
    def text(self) -> str:
        """All of it in a row."""
        return " ".join(filter(None, [self.lead, *(reason.text for reason in self.reasons)]))


def tell(traced: Traced) -> Told:
    """One pair that turned, in words; who is not here any more has no name."""
    name = one_line(traced.other.name) if traced.other is not None else NOBODY
    who = "You" if traced.is_own else name
    if traced.turn is not None:
        words = Wording.of(traced.edition)
        items = traced.turn.items
        reasons = tuple(_reason(words, item, name) for item in items)
        return Told(name, _lead(traced.turn), reasons)
    sentences = {
        Cause.PUBLISHED: f"{who} published for the first time.",
        Cause.PUBLISHED_AGAIN: f"{who} published again.",
        Cause.WITHDREW: f"{who} withdrew what {'you' if traced.is_own else 'it'} had published.",
        Cause.GONE: "It was taken away altogether.",
        Cause.CRITERIA: "The criteria changed: "
        f"“{Wording.of(traced.edition).of_edition('title')}” came into force.",
    }
    return Told(name, "", (Reason(sentences[traced.cause]),))


def one_line(text: str) -> str:
    """A name without line breaks, so that it cannot pass for something else in a mail."""
    return " ".join(text.split())


def _lead(turn: Turn) -> str:
    if turn.force is Force.ALONE:
        return "" if len(turn.items) == 1 else "Each of these alone made it so:"
    if turn.force is Force.NEEDED and len(turn.items) == 1:
        return "Not without this, beside other changes:"
    return "These together made it so:"


def _reason(words: Wording, item: Item, name: str) -> Reason:
    """What one item was and is, as a sentence."""
    whose = "Your" if item.is_own else _of(name)
    if item.kind is Kind.THRESHOLD:
        share = f"from {item.before}\N{NO-BREAK SPACE}% to {item.after}\N{NO-BREAK SPACE}%"
        return Reason(f"{whose} threshold went {share}.")
    criterion = words.edition.by_slug[item.criterion]
    question = words.of_criterion(criterion)
    if item.kind is Kind.LEVEL:
        before, after = (_level(words, criterion, one) for one in (item.before, item.after))
        return Reason(
            f"{whose} answer to ", question, criterion.slug, f" went from {before} to {after}."
        )
    if item.kind is Kind.IMPORTANCE:
        change = f" went from {item.before} to {item.after}."
        return Reason(f"{whose} importance for ", question, criterion.slug, change)
    if item.before == NO_DEAL_BREAKER:
        asked = _asked(words, criterion, item.after)
        return Reason(f"{whose} new deal-breaker on ", question, criterion.slug, f" asks {asked}.")
    if item.after == NO_DEAL_BREAKER:
        return Reason(f"{whose} deal-breaker on ", question, criterion.slug, " was taken away.")
    was, now = (_asked(words, criterion, one) for one in (item.before, item.after))
    change = f" asked {was}, and now asks {now}."
    return Reason(f"{whose} deal-breaker on ", question, criterion.slug, change)


def _of(name: str) -> str:
    return f"{name}’s"


def _level(words: Wording, criterion: Criterion, level: int) -> str:
    """What counts of an answer, as a part of a sentence."""
    if level >= 0:
        return f"“{words.level(criterion, level).rstrip('.')}”"
    return "not yet known" if level == UNKNOWN else "“does not apply”"


def _asked(words: Wording, criterion: Criterion, level: int) -> str:
    is_same = criterion.role is Role.SIMILARITY
    required = SAME if is_same else criterion.levels[level].slug
    return f"for {words.must_reach(criterion, required)}"
