"""Hazel, who is still answering: an organisation with people and a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assessments import drafting, drafts
from assessments.forms.answers import AnswerForm
from assessments.scoring.terms import Answer
from assessments.wording import Wording
from orgs import joining
from orgs.models import Organisation, User
from orgs.models.membership import Membership, Role
from tests.orgs.conftest import person

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 5, 4, 12, 5, tzinfo=UTC)

YES = Answer(level="yes", evidence=("https://hazel.example/rules",))
BUT = Answer(level="yes", reservation="not for guests", evidence=("https://hazel.example/rules",))
NO = Answer(level="no")


@dataclass(frozen=True)
class Hazel:
    """Ana is its steward, Emre edits, Vilma looks on, Oto does not belong to it."""

    organisation: Organisation
    ana: User
    emre: User
    vilma: User
    oto: User

    def draft(self) -> drafts.Draft:
        """The draft as it stands."""
        return drafts.read(self.organisation)

    def mark(self, slug: str = "rules") -> str:
        """The mark of an answer as it stands."""
        return self.draft().mark(slug)

    def save(
        self,
        answer: Answer | None,
        slug: str = "rules",
        *,
        seen: str | None = None,
        by: User | None = None,
        at: datetime = NOON,
    ) -> str:
        """Save an answer, by default over the one that stands there."""
        over = self.mark(slug) if seen is None else seen
        return drafting.save_answer(
            self.organisation, slug, answer, seen=over, by=by or self.ana, at=at
        )

    def fields(self, slug: str = "rules", **filled: Any) -> dict[str, Any]:
        """The fields of a question as its page has them now, with some filled in anew."""
        draft = self.draft()
        criterion = draft.edition.by_slug[slug]
        form = AnswerForm(criterion, Wording.of(draft.edition), stored=draft.answers.get(slug))
        found = {f"{slug}-seen": draft.mark(slug)}
        for name in form.fields:
            value = filled.pop(name, form[name].value())
            if value not in (None, "", False):
                found[f"{slug}-{name}"] = value
        return found | {f"{slug}-{name}": value for name, value in filled.items()}


def found() -> Hazel:
    """Found Hazel with its people."""
    ana, emre, vilma, oto = (person(name) for name in ("Ana", "Emre", "Vilma", "Oto"))
    hazel = joining.found(ana, slug="hazel", described={"name": "Hazel Builders"})
    for user, role in ((emre, Role.EDITOR), (vilma, Role.VIEWER)):
        Membership.objects.create(organisation=hazel, user=user, role=role)
    joining.found(oto, slug="oak", described={"name": "Oak"})
    return Hazel(hazel, ana, emre, vilma, oto)
