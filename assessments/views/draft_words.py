"""What the curators' desk says of a draft: what it sets off, and what it could have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from assessments.catalogue.edition_changes import goes_back
from assessments.catalogue.edition_hints import Hints, Place
from assessments.compatibility.causes import Cause, Move, Part
from assessments.compatibility.pairs import VERDICTS
from assessments.foresight import Foresight, Lapsing, Loss
from assessments.scoring import terms
from assessments.scoring.profiles import Headline
from assessments.views.edition_words import LABELS
from assessments.wording import Wording
from orgs import places

# What publishing sets off


def foreseen(
    found: Foresight, now: terms.Edition, then: terms.Edition, *, is_past: bool = False
) -> dict[str, Any]:
    """A foresight as its template takes it; `is_past`: `then` was published meanwhile."""
    questions = {one.slug: one.question for one in (*now.criteria, *then.criteria)}

    def counted(by_slug: Mapping[str, int]) -> list[dict[str, Any]]:
        return [
            {
                "slug": slug,
                "question": questions[slug],
                "count": count,
                "why": _why(found.losses.get(slug, {}), is_back=goes_back(slug, now, then)),
            }
            for slug, count in sorted(by_slug.items(), key=lambda one: (-one[1], one[0]))
        ]

    because = [
        {
            "slug": one.criterion,
            "question": questions.get(one.criterion, ""),
            "why": _because(one, now, then),
            "count": one.count,
            "moves": one.moves,
        }
        for one in found.causes.causes
    ]
    return {
        "is_past": is_past,
        "columns": ("Before", "After") if is_past else ("Now", "Then"),
        "organisations": found.organisations,
        "of_all": found.of_all,
        "is_estimate": found.is_estimate,
        "losing": found.losing,
        "losers": found.losers,
        "more_losers": found.losing - len(found.losers),
        "lost": counted(found.lost),
        "gained": counted(found.gained),
        "lapsing": found.lapsing,
        "lapses": [
            {
                "slug": one.criterion,
                "question": questions[one.criterion],
                "why": _lapsed(now, then, one.criterion),
                "count": one.count,
                "who": [_lapsing(who, one.criterion, now, then) for who in one.who],
                "more": one.count - len(one.who),
            }
            for one in found.lapses
        ],
        "headlines": [
            {
                "answer": one.value,
                "now": found.headline_now(one),
                "then": found.headline_then(one),
            }
            for one in _HEADLINES
        ],
        "turning": sum(one.count for one in found.turns),
        "turns": [
            {
                "now": one.now.value,
                "then": one.then.value,
                "count": one.count,
                "who": one.who,
                "more": one.count - len(one.who),
            }
            for one in found.turns
        ],
        "pairs": found.pairs,
        "changing": found.changing,
        "verdicts": [
            {"verdict": one.value, "now": found.now(one), "then": found.then(one)}
            for one in VERDICTS
        ],
        "because": because[:MOST_CAUSES],
        "more_because": max(len(because) - MOST_CAUSES, 0),
        "looked_at": found.causes.pairs,
        "together": found.causes.together,
        "is_all": found.causes.pairs == found.changing,
        "moves": [
            {
                "now": before.value,
                "then": after.value,
                "count": count,
                "because": _main(because, (before, after)),
                "pairs": [
                    one for one in found.pair_turns if (one.now, one.then) == (before, after)
                ],
            }
            for (before, after), count in found.verdicts.items()
            if before is not after
        ],
        "more_pairs": found.changing - len(found.pair_turns),
    }


MOST_CAUSES = 5
"""So many changes that make pairs turn are named."""


def _main(because: Iterable[dict[str, Any]], move: Move) -> dict[str, Any] | None:
    """What makes most of the pairs turn that turn in one way, with how many it does."""
    counted = [(one["moves"].get(move, 0), one) for one in because]
    count, main = max(counted, key=lambda each: each[0], default=(0, None))
    return {**main, "count": count} if main is not None and count else None


def _because(cause: Cause, now: terms.Edition, then: terms.Edition) -> str:
    """One change of the criteria, as what pairs turn because of."""
    if cause.part is Part.THRESHOLD:
        return f"the standard bar, {now.threshold} → {then.threshold}"
    old, new = now.by_slug.get(cause.criterion), then.by_slug.get(cause.criterion)
    if old is None or old.role is terms.Role.NONE:
        if cause.part is Part.DEAL_BREAKER:
            return "the new deal-breaker"
        return "the weight of a new question" if old is None else "scored now"
    if new is None or new.role is terms.Role.NONE:
        if cause.part is Part.DEAL_BREAKER:
            return "its deal-breaker is gone"
        return "it is dropped" if new is None else "not scored any more"
    if cause.part is Part.DEAL_BREAKER:
        return _other_deal_breaker(old, new)
    if cause.part is Part.IMPORTANCE:
        if old.importance == new.importance:
            return "own importances that lapse"
        return f"its importance, {old.importance} → {new.importance}"
    if old.meaning > new.meaning:
        return "asked as before: earlier answers count again"
    if old.meaning != new.meaning:
        return "asked anew: earlier answers stop counting"
    if cause.part is Part.CRITERION:
        return "judged in another way now"
    if old.evidence is not new.evidence:
        is_needed = new.evidence is terms.Evidence.REQUIRED
        return "it needs a link now" if is_needed else "it needs no link any more"
    if old.allow_na is not new.allow_na:
        return "“does not apply” is an answer now" if new.allow_na else Loss.NA_NOT_ALLOWED.value
    return "“does not apply” counts in another way"


def _other_deal_breaker(old: terms.Criterion, new: terms.Criterion) -> str:
    if old.must_reach == new.must_reach:
        return "own deal-breakers that lapse"
    if old.must_reach is None:
        return "the new deal-breaker"
    return "its deal-breaker is gone" if new.must_reach is None else "its other deal-breaker"


_HEADLINES = (Headline.YES, Headline.NOT_YET_KNOWN, Headline.NO)


AS_BEFORE = "asked as before"
"""Of a question that takes back a meaning it once had: answers given to the later one are lost."""


def _why(losses: Mapping[Loss, int], *, is_back: bool) -> str:
    """Why answers to one question stop counting; with how many of each where there are several."""
    words = {one: AS_BEFORE if is_back and one is Loss.ASKED_ANEW else one.value for one in losses}
    if len(losses) == 1:
        return next(iter(words.values()))
    return ", ".join(f"{count} {words[one]}" for one, count in sorted(losses.items()))


def _lapsed(now: terms.Edition, then: terms.Edition, slug: str) -> str:
    """Why requirements on a criterion stop counting."""
    criterion = then.by_slug.get(slug)
    if criterion is None:
        return Loss.DROPPED.value
    if criterion.meaning != now.by_slug[slug].meaning:
        return AS_BEFORE if goes_back(slug, now, then) else Loss.ASKED_ANEW.value
    is_scored = criterion.role is not terms.Role.NONE
    return "another role now" if is_scored else "not scored any more"


def _lapsing(who: Lapsing, slug: str, now: terms.Edition, then: terms.Edition) -> dict[str, Any]:
    """What of one organisation's own lapses on a criterion, and what holds in its place."""
    new = then.by_slug.get(slug)
    is_asked = new is not None and new.role is not terms.Role.NONE
    parts = []
    if who.importance is not None:
        instead = f"the standard {new.importance} does" if new is not None and is_asked else ""
        parts.append((f"importance {who.importance}", instead))
    if who.says_must_reach:
        own = Wording.of(now).must_reach(now.by_slug[slug], who.must_reach)
        instead = ""
        if new is not None and is_asked:
            asked = Wording.of(then).must_reach(new, new.must_reach)
            instead = f"the standard one, {asked}, does" if asked else "the standard has none"
        parts.append((f"deal-breaker, {own}," if own else "wish for no deal-breaker", instead))
    said = " Its ".join(
        f"{what} no longer counts here{f'; {instead}' if instead else ''}."
        for what, instead in parts
    )
    return {"name": who.name, "slug": who.slug, "said": said}


# What it could have


LACKING = {
    "why": "why it is asked",
    "example": "an example",
    "counter_example": "a counter-example",
    "shows": "“what would show it”",
    "source": "a source",
    "reason": "why it is a deal-breaker or decides the headline",
    "levels": "words for an answer",
}


def hints(found: Hints, draft: terms.Edition) -> dict[str, Any]:
    """Hints as their template takes them."""
    questions = {one.slug: one.question for one in draft.criteria}
    return {
        "old_titles": [
            {
                "tag": tag,
                "language": places.language_itself(tag),
                "title": draft.translations[tag].edition["title"],
            }
            for tag in found.old_titles
        ],
        "has_same_title": found.has_same_title,
        "lacking": [
            {
                "label": LACKING[key],
                "count": len(slugs),
                "criteria": [{"slug": slug, "question": questions[slug]} for slug in slugs],
            }
            for key, slugs in found.lacking.items()
        ],
        "dimensions": found.dimensions,
        "languages": [
            {
                "name": places.language_itself(one.tag),
                "tag": one.tag,
                "missing": len(one.missing),
                "is_unknown": places.language_itself(one.tag) == one.tag,
                "outdated": len(one.outdated),
                "stale": len(one.stale),
                "stale_at": _places(one.stale),
                "missing_at": _places(one.missing),
                "outdated_at": _places(one.outdated),
            }
            for one in found.languages
        ],
    }


def _places(found: Iterable[Place]) -> list[dict[str, Any]]:
    """Texts by what they belong to: a criterion, a dimension or the edition."""
    keys: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for place in found:
        what = "criterion" if place.criterion else "dimension" if place.dimension else "edition"
        key = f"text of {place.level}" if place.level else LABELS.get(place.key, place.key)
        keys[what, place.criterion or place.dimension].append(key)
    return [
        {"what": what, "slug": slug, "keys": ", ".join(each)} for (what, slug), each in keys.items()
    ]
