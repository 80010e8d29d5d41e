"""The first save after publishing carries everything over, and is no dearer than any other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import drafting, drafts
from assessments.models import Assessment
from assessments.scoring import terms
from orgs.models import User
from tests.cast import Cast

pytestmark = pytest.mark.django_db

# A request reads the session, the person and the membership besides.
MOST = 12 - 3


def test_the_first_save_keeps_all_that_was_published(cast: Cast) -> None:
    by = User.objects.create_user("hazel@coop.example")
    before = drafts.read(cast.alder)
    said = terms.Answer(level="no")
    with CaptureQueriesContext(connection) as captured:
        drafting.save_answer(
            cast.alder, "rules", said, seen=before.mark("rules"), by=by, at=datetime.now(UTC)
        )
    queries = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
    assert len(queries) <= MOST
    after = drafts.read(cast.alder)
    assert Assessment.objects.filter(organisation=cast.alder, number=None).count() == 1
    assert after.answers == {**before.answers, "rules": said}
    assert after.requirements == before.requirements
    assert after.edits["rules"].version == 1
    assert after.edits["rules"].changed_by == by
