"""An edition handed in: loaded as a draft, or all that is wrong with it told at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.catalogue import edition_file, edition_guide
from assessments.models import Edition
from orgs.models import User
from tests.cast import SMALL_TOML, Cast, edition_toml
from tests.pages import people
from tests.pages.reading import Element, read

pytestmark = pytest.mark.django_db

UPLOAD = "/curation/edition/upload/"
NO_TEXT, NO_UTF8 = "This is not a text file", "This file is not saved as UTF-8"


@pytest.fixture
def curator(db: None) -> Client:
    return people.logged_in("curator@coop.example", is_curator=True)


def hand_in(client: Client, text: str) -> Any:
    return client.post(UPLOAD, {"text": text})


def hand_in_file(client: Client, content: bytes) -> Element:
    return read(client.post(UPLOAD, {"file": SimpleUploadedFile("x.toml", content)}).content)


@pytest.mark.parametrize("way", ["pasted", "as a file"])
def test_an_edition_is_loaded_as_a_draft(curator: Client, way: str) -> None:
    sent: dict[str, Any] = {"text": SMALL_TOML.replace("\n", "\r\n")}
    if way == "as a file":
        sent = {"file": SimpleUploadedFile("small.toml", SMALL_TOML.encode())}
    assert curator.post(UPLOAD, sent)["Location"] == "/curation/small/"
    row = Edition.objects.get()
    assert (row.state, row.as_terms()) == ("draft", edition_file.read(SMALL_TOML))
    assert edition_file.read(curator.get("/curation/small/edition.toml").content.decode()) == (
        row.as_terms()
    )
    assert "It would be the first edition" in read(curator.get("/curation/small/").content).text


def test_all_mistakes_are_told_together_and_the_text_stays(curator: Client) -> None:
    broken = SMALL_TOML.replace("importance = 3", "importance = 30").replace(
        'title = "Democracy"', "titel = 1"
    )
    for sent in ({"text": broken}, {"file": SimpleUploadedFile("x.toml", broken.encode())}):
        page = read(curator.post(UPLOAD, sent).content)
        problems = page.one("ol", "problems").all("li")
        assert len(problems) >= 3
        assert all(
            one.all("code")[0].text and one.one("span", "problem-remedy") for one in problems
        )
        assert page.one("textarea").text == " ".join(broken.split())
        assert page.one("title").text.startswith("Error: ")
    assert not Edition.objects.exists()


def test_what_contradicts_a_published_edition_is_refused(curator: Client, cast: Cast) -> None:
    page = read(hand_in(curator, edition_toml("next", ("credit = 60", "credit = 50"))).content)
    assert "criteria.release-delay.levels" in page.one("ol", "problems").text
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("sent", [{}, {"text": "  "}], ids=["nothing", "blanks"])
def test_something_is_handed_in(curator: Client, sent: dict[str, Any]) -> None:
    page = read(curator.post(UPLOAD, sent).content)
    assert page.one("div", "error-summary").text
    assert not Edition.objects.exists()


def test_a_file_that_was_mended_counts_and_not_the_text_of_the_last_try(curator: Client) -> None:
    broken = SMALL_TOML.replace("importance = 3", "importance = 30")
    assert read(hand_in(curator, broken).content).one("ol", "problems")
    mended = SimpleUploadedFile("small.toml", SMALL_TOML.encode())
    assert curator.post(UPLOAD, {"text": broken, "file": mended}).status_code == 302
    assert Edition.objects.get().as_terms() == edition_file.read(SMALL_TOML)


def test_too_much_is_answered_clearly_and_not_read(curator: Client) -> None:
    big = SimpleUploadedFile("big.toml", b"x" * 1_200_000)
    for sent in ({"text": "x" * 1_200_000}, {"file": big}):
        answer = curator.post(UPLOAD, sent)
        assert answer.status_code == 413
        said = read(answer.content).one("div", "error-summary").text
        assert "That is too much" in said
        assert "1.2 MB were sent; at most 1 MB are read" in said
        # It is not known whether a text or a file was sent.
        assert "If you pasted a text, go back and it is still there; a file stays" in said
    outsider = people.logged_in("outsider@coop.example")
    assert outsider.post(UPLOAD, {"text": "x" * 1_200_000}).status_code == 404


@pytest.mark.usefixtures("cast")
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_handed_in_nothing_breaks(data: st.DataObject) -> None:
    user, _ = User.objects.get_or_create(email="fuzz@coop.example", is_curator=True)
    client = Client()
    client.force_login(user)
    anything = st.sampled_from([*people.FUZZ, SMALL_TOML[:300], "[" * 5000, 'a."b".c = 1'])
    text = data.draw(anything | st.text(max_size=200))
    assert people.send(client, UPLOAD, {"text": text, "unknown": "x"}).status_code == 200
    file = SimpleUploadedFile("x", data.draw(st.binary(max_size=200)))
    assert client.post(UPLOAD, {"file": file}).status_code == 200
    for page in ("publish", "discard"):
        where = f"/curation/small/{page}/"
        assert people.send(client, where, {"confirmation": text}).status_code in {200, 302}
    assert list(Edition.objects.values_list("slug", "state")) == [("small", "published")]


# What it says


@pytest.mark.parametrize("content", [b"", b"  \n"], ids=["nothing", "blanks"])
def test_an_empty_file_says_so_once(curator: Client, content: bytes) -> None:
    page = hand_in_file(curator, content)
    assert page.text.count("The file is empty.") == 1
    assert "submitted" not in page.text


@pytest.mark.parametrize(
    ("content", "title", "line"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", NO_TEXT, ""),
        (SMALL_TOML.encode("utf-16"), NO_UTF8, "choose “Save as”, set the encoding to UTF-8"),
        (SMALL_TOML.encode() + b"\x00", NO_TEXT, ""),
        (b'[edition]\ntitle = "Caf\xe9"\n', NO_UTF8, "On line 2 is something that is not text in"),
    ],
    ids=["PNG", "UTF-16", "NUL", "Latin-1"],
)
def test_what_is_no_text_says_so_and_fills_nothing_in(
    curator: Client, content: bytes, title: str, line: str
) -> None:
    page = hand_in_file(curator, content)
    said = page.one("div", "error-summary").text
    assert said.startswith(title)
    assert line in said
    assert page.one("textarea").text == ""
    assert page.one("title").text.startswith("Error: ")
    assert not Edition.objects.exists()


def test_a_mistake_has_the_line_on_which_it_stands(curator: Client) -> None:
    broken = SMALL_TOML.replace('{slug = "vote", text', '{slug = "Vote", text')
    line = broken.split("\n").index('  {slug = "Vote", text = "Majority vote"},') + 1
    for page in (
        read(hand_in(curator, broken.replace("\n", "\r\n")).content),
        hand_in_file(curator, b"\xef\xbb\xbf" + broken.encode()),
    ):
        (problem,) = page.one("ol", "problems").all("li")
        assert problem.text.startswith(
            f"criteria.decisions, level 1, slug at line {line}: "
            '{slug = "Vote", text = "Majority vote"}, “Vote” has not the right form'
        )
        assert "levels[0]" not in problem.text


def test_a_long_line_is_cut_so_that_one_can_search_for_it(curator: Client) -> None:
    long = "w" * 300
    page = read(hand_in(curator, SMALL_TOML.replace('unit = "%"', f'unit = "<b>{long}"')).content)
    (problem,) = page.one("ol", "problems").all("li")
    assert problem.one("code", "written").text == f'unit = "<b>{long}'[:80]


def test_what_is_no_toml_has_only_the_line_of_its_place(curator: Client) -> None:
    page = read(hand_in(curator, SMALL_TOML.replace('title = "Democracy"', "title = ")).content)
    (problem,) = page.one("ol", "problems").all("li")
    assert problem.all("code")[0].text.startswith("line 13, ")
    assert problem.one("code", "written").text == "title ="
    assert "at line" not in problem.text


def test_a_draft_that_is_replaced_is_said_to_be(curator: Client) -> None:
    def message(text: str) -> str:
        answer = curator.post(UPLOAD, {"text": text}, follow=True)
        return read(answer.content).one("ul", "messages").text

    assert message(SMALL_TOML) == "Loaded as a draft. Only curators see drafts."
    assert message(edition_toml("small", ("threshold = 60", "threshold = 50"))) == (
        "Loaded as a draft. Only curators see drafts. Your earlier draft was replaced."
    )
    assert message(edition_toml("other")) == "Loaded as a draft. Only curators see drafts."


def test_says_how_an_edition_is_written(curator: Client) -> None:
    page = read(curator.get(UPLOAD).content)
    guide = page.one("div", "guide")
    rows = [one.all("div") for one in guide.all("dl", "keys")]
    assert [[row.one("dt").text for row in part] for part in rows] == [
        [line.key for line in part.lines] for part in edition_guide.guide()
    ]
    for part, shown in zip(edition_guide.guide(), rows, strict=True):
        for line, row in zip(part.lines, shown, strict=True):
            assert " ".join(line.allowed.split()) in row.text
            assert line.purpose in row.text
    assert "meaning = 2" in page.one("div", "head").text
    assert ["".join(map(str, one.one("code").within)) for one in guide.all("pre")] == [
        edition_guide.EXAMPLE,
        edition_guide.ROWS_EXAMPLE,
    ]


def test_neither_of_the_two_ways_is_called_optional(curator: Client) -> None:
    form = read(curator.get(UPLOAD).content).one("form", "is-wide")
    assert [one.text for one in form.all("label")] == ["A file", "Or its text"]
    assert "TOML, at most 1 MB." in form.text


# How far the checks came


def summary(page: Element) -> str:
    (found,) = (one for one in page.all("section") if "error-summary" in one.attributes["class"])
    return found.text


def test_says_what_is_checked_only_after_this(curator: Client, cast: Cast) -> None:
    no_toml = read(
        hand_in(curator, SMALL_TOML.replace("threshold = 60", "threshold = 6,0")).content
    )
    assert "The rest is checked once this is mended." in summary(no_toml)
    wrong = read(hand_in(curator, SMALL_TOML.replace("threshold = 60", "threshold = 600")).content)
    assert "is compared with the editions before it once these are mended" in summary(wrong)
    contradicts = edition_toml("next", ("credit = 60", "credit = 50"))
    last = read(hand_in(curator, contradicts).content)
    assert "checked once" not in summary(last)


def test_the_mistakes_come_before_what_is_said_of_uploading(curator: Client) -> None:
    def first(page: Element) -> bool:
        text = page.one("main").text
        return text.index("It is checked first") > text.index("One mistake")

    page = read(hand_in(curator, SMALL_TOML.replace("threshold = 60", "threshold = 600")).content)
    assert first(page)
    assert page.text.count("It is checked first") == 1
    assert "It is checked first" in read(curator.get(UPLOAD).content).one("div", "head").text


def test_of_a_file_and_a_text_the_file_counts_and_it_says_so(curator: Client) -> None:
    for content, status in ((SMALL_TOML, 200), (SMALL_TOML.replace("= 60", "= 600"), 200)):
        file = SimpleUploadedFile("small.toml", content.encode())
        answer = curator.post(UPLOAD, {"file": file, "text": "[edition]"}, follow=True)
        assert answer.status_code == status
        assert "You gave a file and a text" in read(answer.content).text
    assert "You gave a file and a text" not in read(hand_in(curator, "[edition]").content).text


def test_what_is_published_already_does_not_look_like_a_success(
    curator: Client, cast: Cast
) -> None:
    answer = curator.post(UPLOAD, {"text": SMALL_TOML}, follow=True)
    said = read(answer.content).one("ul", "messages").text
    assert said.startswith("Nothing was loaded: “small” has been published already")


def test_a_path_may_break_between_its_steps_only(curator: Client) -> None:
    page = read(hand_in(curator, SMALL_TOML.replace("credit = 60", "credit = 600", 1)).content)
    where, key, _ = page.one("ol", "problems").all("code")
    steps = [[one for one in code.within if isinstance(one, str)] for code in (where, key)]
    assert steps == [["criteria.", "release-", "delay"], ["credit"]]


def test_what_contradicts_editions_before_is_told_with_the_other_mistakes(
    curator: Client, cast: Cast
) -> None:
    """Nobody mends a file, hands it in and only then hears that its slug is taken."""
    broken = edition_toml(
        "small", ("threshold = 60", "threshold = 600"), ("credit = 60", "credit = 50")
    )

    def told(text: str) -> list[str]:
        items = read(hand_in(curator, text).content).one("ol", "problems").all("li")
        return [one.all("code")[0].text for one in items]

    everything = ["edition.slug", "edition.threshold", "criteria.release-delay.levels"]
    assert told(broken) == everything
    assert told(broken.replace('"small"', '"next"')) == everything[1:]
    # What cannot be read can be compared with nothing.
    unread = broken.replace('kind = "choice"', 'kind = "choise"', 1)
    assert told(unread) == [*everything[:2], "criteria.release-delay.kind"]
    assert told(broken.replace('title = "A small edition"', "title = 1")) == [
        "edition.title",
        "edition.threshold",
    ]
    # Nor does a published slug hide the rest, where the file has no mistake of its own.
    contradicts = edition_toml("small", ("credit = 60", "credit = 50"))
    assert told(contradicts) == [everything[0], everything[2]]
