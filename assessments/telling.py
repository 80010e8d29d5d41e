"""What is new, in plain words: for the page and for the weekly mail."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assessments.compatibility.encoding import NO_DEAL_BREAKER, UNKNOWN
from assessments.compatibility.turns import Force, Item, Kind, Turn
from assessments.scoring.terms import SAME, Criterion, Edition, Role
from assessments.tracing import Cause, Traced
from assessments.wording import Wording

NOBODY = "An organisation that is no longer here"
STANDARD = "The standard policy’s"
MOST_TOLD = 5
"""Where more than so many things changed by new criteria made it so, none of them is told."""


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
    if traced.cause is Cause.CRITERIA:
        return _of_criteria(traced, name)
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
    }
    return Told(name, "", (Reason(sentences[traced.cause]),))


def _of_criteria(traced: Traced, name: str) -> Told:
    """Which question or bar of new criteria made it so, as far as that can be told in a few."""
    words = Wording.of(traced.edition)
    changed = f"The criteria changed: “{words.of_edition('title')}” came into force."
    turn, earlier = traced.turn, traced.earlier
    if turn is None or earlier is None:
        return Told(name, "", (Reason(changed),))
    # What both ask alike has changed in the standard policy, once for both.
    sides: dict[Item, set[bool]] = {}
    for item in turn.items:
        sides.setdefault(replace(item, is_own=False), set()).add(item.is_own)
    reasons = []
    for item, whose in sides.items():
        if item.kind is Kind.LEVEL:
            reasons += [
                _level_reason(words, earlier, replace(item, is_own=one), name)
                for one in sorted(whose, reverse=True)
            ]
        else:
            reasons.append(_standard_reason(words, earlier, item, name, whose))
    if len(reasons) > MOST_TOLD:
        return Told(name, "", (Reason(f"{changed} Many changes together made it so."),))
    if turn.force is Force.ALONE:
        how = " Each of these alone made it so:" if len(reasons) > 1 else ""
    elif turn.force is Force.NEEDED and len(reasons) == 1:
        how = " Not without this:"
    else:
        how = " These together made it so:"
    return Told(name, f"{changed}{how}", tuple(reasons))


def _level_reason(words: Wording, earlier: Edition, item: Item, name: str) -> Reason:
    """An answer that does not count as it did since the criteria changed."""
    criterion = words.edition.by_slug[item.criterion]
    before = earlier.by_slug.get(item.criterion)
    if before is None or before.meaning == criterion.meaning:
        return _reason(words, item, name)
    whose = "your earlier answer" if item.is_own else f"the earlier answer of {name}"
    after = f" asks something else now, so that {whose} does not count for it."
    return Reason("", words.of_criterion(criterion), criterion.slug, after)


def _standard_reason(
    words: Wording, earlier: Edition, item: Item, name: str, whose: set[bool]
) -> Reason:
    """What the standard policy asks otherwise; `whose`: on which sides it counts here."""
    counts = ""
    if len(whose) == 1:
        is_own = True in whose
        who = "You have set nothing of your own" if is_own else f"{name} has set nothing of its own"
        counts = f" {who} there, so it counts as {'yours' if is_own else _of(name)}."
    criterion = words.edition.by_slug.get(item.criterion)
    before = earlier.by_slug.get(item.criterion)
    if criterion is not None and before is not None and before.meaning != criterion.meaning:
        after = " asks something else now, so that the standard policy holds for it."
    elif criterion is not None and before is None and item.kind is Kind.IMPORTANCE:
        after = f" is asked for the first time, with an importance of {item.after}."
    else:
        said = _reason(words, item, name, whose=STANDARD)
        if said.question:
            return replace(said, after=said.after + counts)
        return replace(said, before=said.before + counts)
    return Reason("", words.of_criterion(criterion), criterion.slug, after + counts)


def one_line(text: str) -> str:
    """A name without line breaks, so that it cannot pass for something else in a mail."""
    return " ".join(text.split())


def _lead(turn: Turn) -> str:
    if turn.force is Force.ALONE:
        return "" if len(turn.items) == 1 else "Each of these alone made it so:"
    if turn.force is Force.NEEDED and len(turn.items) == 1:
        return "Not without this, beside other changes:"
    return "These together made it so:"


def _reason(words: Wording, item: Item, name: str, *, whose: str = "") -> Reason:
    """What one item was and is, as a sentence; whose it is, where it is neither side's alone."""
    whose = whose or ("Your" if item.is_own else _of(name))
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
