"""What the curators' desk says of a draft: what it sets off, and what it could have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from assessments.catalogue.edition_hints import Hints, Place
from assessments.compatibility.pairs import VERDICTS
from assessments.foresight import Foresight, Loss
from assessments.scoring import terms
from assessments.scoring.profiles import Headline
from assessments.views.edition_words import LABELS
from orgs import places

# What publishing sets off


def foreseen(found: Foresight, now: terms.Edition, then: terms.Edition) -> dict[str, Any]:
    """A foresight as its template takes it."""
    questions = {one.slug: one.question for one in (*now.criteria, *then.criteria)}

    def counted(by_slug: Mapping[str, int]) -> list[dict[str, Any]]:
        return [
            {
                "slug": slug,
                "question": questions[slug],
                "count": count,
                "why": _why(found.losses.get(slug, {})),
            }
            for slug, count in sorted(by_slug.items(), key=lambda one: (-one[1], one[0]))
        ]

    return {
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
                "who": one.who,
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
        "moves": [
            {
                "now": before.value,
                "then": after.value,
                "count": count,
                "pairs": [
                    one for one in found.pair_turns if (one.now, one.then) == (before, after)
                ],
            }
            for (before, after), count in found.verdicts.items()
            if before is not after
        ],
        "more_pairs": found.changing - len(found.pair_turns),
    }


_HEADLINES = (Headline.YES, Headline.NOT_YET_KNOWN, Headline.NO)


def _why(losses: Mapping[Loss, int]) -> str:
    """Why answers to one question stop counting; with how many of each where there are several."""
    if len(losses) == 1:
        return next(iter(losses)).value
    return ", ".join(f"{count} {one}" for one, count in sorted(losses.items()))


def _lapsed(now: terms.Edition, then: terms.Edition, slug: str) -> str:
    """Why requirements on a criterion stop counting."""
    criterion = then.by_slug.get(slug)
    if criterion is None:
        return Loss.DROPPED.value
    if criterion.meaning != now.by_slug[slug].meaning:
        return Loss.ASKED_ANEW.value
    is_scored = criterion.role is not terms.Role.NONE
    return "another role now" if is_scored else "not scored any more"


# What it could have


def hints(found: Hints) -> dict[str, Any]:
    """Hints as their template takes them."""
    return {
        "has_same_title": found.has_same_title,
        "lacking": [
            {
                "key": key,
                "label": LABELS.get(key, key),
                "count": len(slugs),
                "slugs": slugs,
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
