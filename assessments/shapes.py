"""What the API answers, field by field; its schema is made of these."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.compatibility import explanation
from assessments.compatibility.explanation import DealBreaker, Obstacle, Outcome
from assessments.compatibility.pairs import Verdict
from assessments.models import Edition
from assessments.models.criteria import EditionState
from assessments.scoring import profiles
from assessments.scoring.terms import GREATEST_IMPORTANCE
from orgs.models import Organisation


class Problem(serializers.Serializer[Any]):
    """What is wrong with a request."""

    detail = serializers.CharField()


class EditionLine(serializers.ModelSerializer[Edition]):
    """An edition in a list."""

    is_current = serializers.SerializerMethodField()

    class Meta:
        model = Edition
        fields = ("slug", "title", "language", "threshold", "licence", "published_at", "is_current")

    def get_is_current(self, edition: Edition) -> bool:
        """Whether it is the one that sheets are seen through now."""
        return bool(edition.state == EditionState.PUBLISHED)


class LevelShape(serializers.Serializer[Any]):
    """One possible answer."""

    slug = serializers.CharField()
    credit = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()


class CriterionShape(serializers.Serializer[Any]):
    """One question, with what is asked of others in the standard policy."""

    slug = serializers.CharField()
    dimension = serializers.CharField()
    question = serializers.CharField()
    kind = serializers.CharField()
    role = serializers.CharField()
    facet = serializers.CharField()
    principles = serializers.ListField(child=serializers.IntegerField())
    importance = serializers.IntegerField()
    must_reach = serializers.CharField(allow_null=True)
    headline = serializers.BooleanField()
    meaning = serializers.IntegerField()
    levels = LevelShape(many=True)


class DimensionShape(serializers.Serializer[Any]):
    """A group of criteria."""

    slug = serializers.CharField()
    title = serializers.CharField()


class EditionWhole(EditionLine):
    """An edition with its dimensions and criteria."""

    dimensions = serializers.SerializerMethodField()
    criteria = serializers.SerializerMethodField()

    class Meta(EditionLine.Meta):
        fields = (*EditionLine.Meta.fields, "description", "dimensions", "criteria")  # type: ignore[assignment]

    @extend_schema_field(DimensionShape(many=True))
    def get_dimensions(self, edition: Edition) -> Any:
        """The dimensions in their order."""
        return DimensionShape(edition.as_terms().dimensions, many=True).data

    @extend_schema_field(CriterionShape(many=True))
    def get_criteria(self, edition: Edition) -> Any:
        """The criteria in their order."""
        return CriterionShape(edition.as_terms().criteria, many=True).data


class OrganisationShape(serializers.ModelSerializer[Organisation]):
    """How an organisation describes itself."""

    class Meta:
        model = Organisation
        fields = (
            "slug",
            "name",
            "country",
            "place",
            "latitude",
            "longitude",
            "website",
            "summary",
            "sectors",
            "legal_form",
            "size_class",
            "languages",
        )


class ScoreShape(serializers.Serializer[Any]):
    """A score as an interval 0-1; null where nothing that counts applies."""

    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    known = serializers.IntegerField()
    applicable = serializers.IntegerField()
    buts = serializers.IntegerField()
    has_basis = serializers.BooleanField()


class HeadlineShape(serializers.Serializer[Any]):
    """Does it help to produce common wealth beyond itself, and what decides it?"""

    answer = serializers.ChoiceField(choices=list(profiles.Headline))
    decided_by = serializers.ListField(child=serializers.CharField())


class PrincipleShape(serializers.Serializer[Any]):
    """Form against function on one ICA principle, mean credits 0-100."""

    principle = serializers.IntegerField()
    form = serializers.FloatField(allow_null=True)
    function = serializers.FloatField(allow_null=True)
    gap = serializers.FloatField(allow_null=True)


class FormAndFunctionShape(serializers.Serializer[Any]):
    """Where form and function part."""

    quadrant = serializers.CharField(allow_null=True)
    form = serializers.FloatField(allow_null=True)
    function = serializers.FloatField(allow_null=True)
    nominality = serializers.FloatField(allow_null=True)
    hidden = serializers.FloatField(allow_null=True)
    principles = PrincipleShape(many=True)


class EffectiveShape(serializers.Serializer[Any]):
    """What counts of the answer to one criterion, and why."""

    criterion = serializers.CharField()
    state = serializers.CharField()
    level = serializers.CharField(allow_null=True)
    why = serializers.CharField()


class ProfileShape(serializers.Serializer[Any]):
    """What the published sheet of an organisation says about it."""

    organisation = serializers.CharField()
    edition = serializers.CharField()
    number = serializers.IntegerField()
    published_at = serializers.DateTimeField()
    headline = HeadlineShape()
    total = ScoreShape()
    dimensions = serializers.DictField(child=ScoreShape())
    principles = serializers.DictField(child=ScoreShape())
    form_and_function = FormAndFunctionShape()
    sheet = EffectiveShape(many=True)


def share() -> serializers.FloatField:
    """A number 0-1."""
    return serializers.FloatField(min_value=0, max_value=1)


def whole(most: int | None = None, *, allow_null: bool = False) -> serializers.IntegerField:
    """A whole number from 0, up to the most that it can be."""
    return serializers.IntegerField(min_value=0, max_value=most, allow_null=allow_null)


def slugs() -> serializers.ListField:
    """Criteria by slug."""
    return serializers.ListField(child=serializers.CharField())


class MatchShape(serializers.Serializer[Any]):
    """One entry of a match list; the score 0-1 is that of the less satisfied side."""

    rank = serializers.IntegerField(min_value=1)
    organisation = serializers.CharField(source="slug")
    verdict = serializers.ChoiceField(choices=list(Verdict))
    low = share()
    high = share()


class PartShape(serializers.Serializer[Any]):
    """One criterion in one direction; the points sum to the direction's, and so do the possible.

    `acceptance` is null where it is not judged; `is_open`: it takes part and is not judged yet;
    `deal_breaker` is null where there is none; `to_gain`: what the best answer would add.
    """

    criterion = serializers.CharField()
    importance = whole(GREATEST_IMPORTANCE)
    acceptance = whole(100, allow_null=True)
    points = whole(100 * GREATEST_IMPORTANCE)
    possible = whole(100 * GREATEST_IMPORTANCE)
    is_open = serializers.BooleanField()
    deal_breaker = serializers.ChoiceField(choices=list(DealBreaker), allow_null=True)
    to_gain = whole(100 * GREATEST_IMPORTANCE)


class DealBreakersShape(serializers.Serializer[Any]):
    """How the deal-breakers of one direction stand: the slugs of the criteria, in their order."""

    failed = slugs()
    open = slugs()
    met = slugs()


class ChangeShape(serializers.Serializer[Any]):
    """The fewest criteria that the other would have to answer otherwise, or why none would do."""

    outcome = serializers.ChoiceField(choices=list(Outcome))
    criteria = slugs()
    obstacle = serializers.ChoiceField(choices=list(Obstacle), allow_null=True)


class DirectionShape(serializers.Serializer[explanation.Direction]):
    """How far one organisation meets what the other asks, with the reasons.

    `low` is `points` of `possible`, `high` is `could_have` of it. `asked` is what would be possible
    if everything applied; with less than half of that possible, the other is evaded. `reaches`:
    `low` is at least the threshold (a percentage); `falls_short`: not even `high` is.
    """

    low = share()
    high = share()
    threshold = whole(100)
    points = whole()
    could_have = whole()
    possible = whole()
    asked = whole()
    evaded = serializers.BooleanField()
    reaches = serializers.BooleanField()
    falls_short = serializers.BooleanField()
    deal_breakers = serializers.SerializerMethodField()
    parts = PartShape(many=True)
    change = ChangeShape()

    @extend_schema_field(DealBreakersShape)
    def get_deal_breakers(self, direction: explanation.Direction) -> Any:
        """The criteria of the parts, by how their deal-breakers stand."""
        return {
            state.value: sorted(part.criterion for part in direction.breakers(state))
            for state in DealBreaker
        }


class PairShape(serializers.Serializer[Any]):
    """A pair with its reasons; `forward` is how the second meets what the first asks."""

    first = serializers.CharField()
    second = serializers.CharField()
    verdict = serializers.ChoiceField(choices=list(Verdict))
    low = share()
    high = share()
    forward = DirectionShape()
    backward = DirectionShape()
