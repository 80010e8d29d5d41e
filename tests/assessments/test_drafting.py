"""A draft: begun with what was published, saved answer by answer, never overwritten unseen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import drafting, drafts, marks, publishing
from assessments.drafting import Change, Conflict
from assessments.models import AnswerEdit, Assessment, Edition
from assessments.scoring import terms
from assessments.scoring.terms import Answer, Asked, Requirements
from tests import drafters
from tests.cast import ALDER, edition_toml, publish_assessments, publish_edition
from tests.drafters import BUT, LATER, NO, NOON, YES, Hazel

pytestmark = pytest.mark.django_db


@pytest.fixture
def hazel(small_edition: Edition) -> Hazel:
    return drafters.found()


def test_without_criteria_there_is_nothing_to_answer(db: None) -> None:
    with pytest.raises(drafts.NoEdition):
        drafters.found().draft()


class TestBegins:
    def test_empty_and_stored_with_the_first_answer(self, hazel: Hazel) -> None:
        assert hazel.draft().answers == {}
        assert not Assessment.objects.exists()
        hazel.save(YES)
        assert Assessment.objects.get().number is None
        assert hazel.draft().answers == {"rules": YES}

    def test_with_what_was_published_last(self, hazel: Hazel) -> None:
        publish_assessments({**ALDER, "slug": "hazel", "name": "Hazel"})
        draft = hazel.draft()
        assert draft.answers["outflow"].value == Decimal("4.5")
        assert draft.requirements.threshold == 70
        hazel.save(NO, "rules")
        stored = Assessment.objects.get(number=None)
        assert stored.answers.count() == len(ALDER["answers"])
        assert hazel.draft().requirements == draft.requirements
        assert Assessment.objects.get(number=1).answers.get(criterion__slug="rules").evidence

    def test_once(self, hazel: Hazel) -> None:
        first = drafting.start(hazel.organisation)
        assert drafting.start(hazel.organisation) == first


class TestUnderANewEdition:
    NEXT = edition_toml(
        "next",
        ("[criteria.decisions]", "[criteria.deciding]"),
        ("allow_na = true\nna_meets = true\n", ""),
        ('evidence = "required"', 'evidence = "required"\nmeaning = 2'),
    )

    def test_keeps_what_still_asks_the_same(self, hazel: Hazel) -> None:
        hazel.save(YES, "rules")
        hazel.save(Answer(na="no loss"), "losses")
        hazel.save(Answer(level="vote"), "decisions")
        hazel.save(Answer(level="soon"), "release-delay", by=hazel.emre)
        asked = Requirements(40, {"rules": Asked(5), "release-delay": Asked(4)})
        drafting.save_requirements(hazel.organisation, asked)
        publish_edition(self.NEXT)
        kept = {"release-delay": Answer(level="soon")}
        draft = hazel.draft()
        assert draft.answers == kept
        assert draft.requirements == Requirements(40, {"release-delay": Asked(4)})

        hazel.save(Answer(level="consent"), "deciding")
        draft = hazel.draft()
        assert draft.answers == kept | {"deciding": Answer(level="consent")}
        assert draft.requirements == Requirements(40, {"release-delay": Asked(4)})
        assert draft.edits["release-delay"].changed_by == hazel.emre
        assert Assessment.objects.get(is_set_aside=False).edition.slug == "next"

    def test_an_answer_to_another_meaning_collides(self, hazel: Hazel) -> None:
        seen = hazel.mark("rules")
        publish_edition(self.NEXT)
        with pytest.raises(Conflict):
            hazel.save(YES, "rules", seen=seen)
        assert hazel.draft().answers == {}

    def test_what_it_does_not_ask_cannot_be_saved(self, hazel: Hazel) -> None:
        publish_edition(self.NEXT)
        with pytest.raises(drafting.NotAsked):
            hazel.save(Answer(level="vote"), "decisions", seen="")


class TestSaving:
    def test_says_who_and_when(self, hazel: Hazel) -> None:
        hazel.save(YES, by=hazel.ana)
        hazel.save(NO, by=hazel.emre, at=LATER)
        edit = hazel.draft().edits["rules"]
        assert (edit.version, edit.changed_by, edit.changed_at) == (2, hazel.emre, LATER)

    @pytest.mark.parametrize(
        ("slug", "answer"),
        [
            ("rules", BUT),
            ("losses", Answer(na="no loss since 2015", note="a\nb")),
            ("outflow", Answer(value=Decimal("0.00100"), withheld=True)),
            ("licences", Answer(licences=("MIT OR Apache-2.0", "CC-BY-SA-4.0"))),
            ("exchange", Answer(offers=("hosting",), needs=("advice", "bread"))),
            ("decisions", Answer(unknown=True)),
        ],
    )
    def test_keeps_every_form_of_answer(self, hazel: Hazel, slug: str, answer: Answer) -> None:
        hazel.save(answer, slug)
        assert hazel.draft().answers == {slug: answer}
        hazel.save(None, slug)
        assert hazel.draft().answers == {}

    def test_refuses_what_was_not_seen_and_tells_what_stands_there(self, hazel: Hazel) -> None:
        seen = hazel.mark()
        hazel.save(BUT, by=hazel.emre, at=LATER)
        with pytest.raises(Conflict) as raised:
            hazel.save(NO, seen=seen)
        conflict = raised.value
        assert conflict.theirs == BUT
        assert conflict.edit is not None
        assert (conflict.edit.changed_by, conflict.edit.changed_at) == (hazel.emre, LATER)
        assert hazel.draft().answers == {"rules": BUT}
        hazel.save(NO, seen=conflict.mark)
        assert hazel.draft().answers == {"rules": NO}

    def test_never_loses_what_was_saved_after_it_was_taken_back(self, hazel: Hazel) -> None:
        seen = hazel.save(YES)
        hazel.save(None, seen=seen)
        hazel.save(BUT, by=hazel.emre)
        for late in (None, NO):
            with pytest.raises(Conflict):
                hazel.save(late, seen=seen)
        assert hazel.draft().answers == {"rules": BUT}

    def test_of_different_questions_never_collides(self, hazel: Hazel) -> None:
        before = hazel.draft()
        hazel.save(YES, "rules", seen=before.mark("rules"))
        hazel.save(Answer(level="vote"), "decisions", seen=before.mark("decisions"))
        assert set(hazel.draft().answers) == {"rules", "decisions"}

    def test_of_many_saves_those_that_do_not_collide(self, hazel: Hazel) -> None:
        before = hazel.draft()
        hazel.save(YES, "rules")
        changes = {
            "rules": Change(NO, before.mark("rules")),
            "decisions": Change(Answer(level="vote"), before.mark("decisions")),
        }
        saved = drafting.save_answers(hazel.organisation, changes, by=hazel.emre, at=LATER)
        assert set(saved.conflicts) == {"rules"}
        assert saved.marks == {"decisions": hazel.mark("decisions")}
        assert hazel.draft().answers == {"rules": YES, "decisions": Answer(level="vote")}

    def test_twice_the_same_is_once(self, hazel: Hazel) -> None:
        seen = hazel.mark()
        hazel.save(YES, seen=seen)
        hazel.save(YES, seen=seen, by=hazel.emre)
        assert AnswerEdit.objects.get().changed_by == hazel.ana

    def test_what_a_person_left_as_it_was_overwrites_nothing(self, hazel: Hazel) -> None:
        seen = hazel.save(YES)
        hazel.save(NO, by=hazel.emre)
        # As after this save, the person has still not seen what stands there.
        assert hazel.save(YES, seen=seen) == seen
        assert hazel.draft().answers == {"rules": NO}
        with pytest.raises(Conflict):
            hazel.save(BUT, seen=seen)

    def test_collides_across_a_publishing(self, hazel: Hazel) -> None:
        """A mark outlives the draft in which it was read."""
        seen = hazel.mark()
        hazel.save(YES)
        publishing.publish(hazel.organisation, by=hazel.ana, at=NOON)
        with pytest.raises(Conflict) as raised:
            hazel.save(NO, seen=seen)
        assert raised.value.theirs == YES
        hazel.save(NO, seen=hazel.mark())
        assert hazel.draft().answers == {"rules": NO}

    def test_takes_the_same_few_queries_for_one_and_for_many(self, hazel: Hazel) -> None:
        counts = []
        for slugs in (["rules"], ["losses", "decisions", "release-delay"]):
            draft = hazel.draft()
            changes = {slug: Change(Answer(unknown=True), draft.mark(slug)) for slug in slugs}
            hazel.save(NO, "rules")
            with CaptureQueriesContext(connection) as queries:
                drafting.save_answers(hazel.organisation, changes, by=hazel.ana, at=NOON)
            counts.append(len(queries))
        assert counts[1] <= 9


class TestMark:
    QUESTION = terms.Criterion("q", "d", "?", terms.Kind.PRACTICE)

    @pytest.mark.parametrize(
        "other",
        [
            None,
            Answer(level="no"),
            Answer(level="yes", note="x"),
            Answer(level="yes", reservation="x"),
            Answer(level="yes", evidence=("x",)),
            Answer(level="yes", withheld=True),
            Answer(unknown=True),
            Answer(na="yes"),
            Answer(offers=("yes",)),
            Answer(needs=("yes",)),
        ],
    )
    def test_differs_where_answers_differ(self, other: Answer | None) -> None:
        assert marks.of_answer(self.QUESTION, other) != marks.of_answer(
            self.QUESTION, Answer(level="yes")
        )

    @pytest.mark.parametrize(
        ("one", "same"),
        [
            (Answer(value=Decimal("1.50")), Answer(value=Decimal("1.5"))),
            (Answer(level="yes", note="a \r\nb\r\n"), Answer(level="yes", note="a\nb")),
            (Answer(offers=("web  hosting",)), Answer(offers=("web hosting",))),
        ],
    )
    def test_is_the_same_for_what_a_form_gives_back(self, one: Answer, same: Answer) -> None:
        assert marks.of_answer(self.QUESTION, one) == marks.of_answer(self.QUESTION, same)

    def test_differs_where_the_question_is_another(self) -> None:
        raised = replace(self.QUESTION, meaning=2)
        assert marks.of_answer(raised, None) != marks.of_answer(self.QUESTION, None)
