"""What publishing an edition set off, kept: written when it is published, read ever after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from assessments.compatibility.causes import Cause, Causes, Part
from assessments.compatibility.pairs import Verdict
from assessments.foresight import Foresight, Lapse, Lapsing, Loser, Loss, Named, PairTurn, Turn
from assessments.models import Edition, SetOff
from assessments.scoring.profiles import Headline
from orgs.models import Organisation

Json: TypeAlias = dict[str, Any]


def keep(edition: Edition, found: Foresight) -> None:
    """Keep what was foreseen of an edition that is being published."""
    SetOff.objects.create(edition=edition, foreseen=_written(found))


def of(edition: Edition) -> Foresight | None:
    """What publishing an edition set off; None where nothing was kept: two queries.

    Organisations that are no longer here are counted, and not named.
    """
    row = SetOff.objects.filter(edition=edition).first()
    if row is None:
        return None
    slugs = set(_slugs(row.foreseen))
    there = Organisation.objects.filter(slug__in=slugs).values_list("slug", "name")
    return _read(row.foreseen, {slug: Named(name, slug) for slug, name in there})


def _written(found: Foresight) -> Json:
    return {
        "organisations": found.organisations,
        "of_all": found.of_all,
        "lost": dict(found.lost),
        "losses": {
            slug: {loss.name: count for loss, count in losses.items()}
            for slug, losses in found.losses.items()
        },
        "gained": dict(found.gained),
        "losing": found.losing,
        "losers": [[one.slug, one.count] for one in found.losers],
        "lapsing": found.lapsing,
        "lapses": [
            [
                one.criterion,
                one.count,
                [
                    [who.slug, who.importance, who.must_reach, who.says_must_reach]
                    for who in one.who
                ],
            ]
            for one in found.lapses
        ],
        "headlines": [[*both, count] for both, count in found.headlines.items()],
        "turns": [[one.now, one.then, one.count, _who(one.who)] for one in found.turns],
        "verdicts": [[*both, count] for both, count in found.verdicts.items()],
        "pair_turns": [
            [one.first.slug, one.second.slug, one.now, one.then] for one in found.pair_turns
        ],
        "causes": {
            "pairs": found.causes.pairs,
            "together": found.causes.together,
            "causes": [
                [one.criterion, one.part, [[*move, count] for move, count in one.moves.items()]]
                for one in found.causes.causes
            ],
        },
    }


def _who(named: Iterable[Named]) -> list[str]:
    return [one.slug for one in named]


def _slugs(kept: Json) -> Iterable[str]:
    """Every organisation that is named in what was kept."""
    yield from (slug for slug, _ in kept["losers"])
    for *_, lapsing in kept["lapses"]:
        yield from (slug for slug, *_ in lapsing)
    for *_, who in kept["turns"]:
        yield from who
    for first, second, *_ in kept["pair_turns"]:
        yield from (first, second)


def _read(kept: Json, there: Mapping[str, Named]) -> Foresight:
    def who(slugs: Sequence[str]) -> tuple[Named, ...]:
        return tuple(there[slug] for slug in slugs if slug in there)

    causes = kept["causes"]
    return Foresight(
        organisations=kept["organisations"],
        of_all=kept["of_all"],
        lost=kept["lost"],
        losses={
            slug: {Loss[name]: count for name, count in losses.items()}
            for slug, losses in kept["losses"].items()
        },
        gained=kept["gained"],
        losing=kept["losing"],
        losers=tuple(
            Loser(there[slug].name, slug, count) for slug, count in kept["losers"] if slug in there
        ),
        lapsing=kept["lapsing"],
        lapses=tuple(
            Lapse(
                criterion,
                count,
                tuple(
                    Lapsing(there[slug].name, slug, *own) for slug, *own in lapsing if slug in there
                ),
            )
            for criterion, count, lapsing in kept["lapses"]
        ),
        headlines={(Headline(a), Headline(b)): count for a, b, count in kept["headlines"]},
        turns=tuple(
            Turn(Headline(a), Headline(b), count, who(slugs))
            for a, b, count, slugs in kept["turns"]
        ),
        verdicts={(Verdict(a), Verdict(b)): count for a, b, count in kept["verdicts"]},
        pair_turns=tuple(
            PairTurn(there[one], there[other], Verdict(a), Verdict(b))
            for one, other, a, b in kept["pair_turns"]
            if one in there and other in there
        ),
        causes=Causes(
            causes["pairs"],
            causes["together"],
            tuple(
                Cause(
                    slug,
                    Part(part),
                    {(Verdict(a), Verdict(b)): count for a, b, count in moves},
                )
                for slug, part, moves in causes["causes"]
            ),
        ),
    )
