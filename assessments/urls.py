"""The pages of criteria, profiles, matches and pairs."""

from django.urls import path

from assessments.views import (
    comparison,
    contact,
    criteria,
    curation,
    directory,
    doors,
    matches,
    paper,
    profile,
    questionnaire,
    requirements,
    review,
    styleguide,
    tasks,
)

urlpatterns = [
    path("", directory.home, name="home"),
    path("criteria/", criteria.criteria, name="criteria"),
    path("criteria/on-paper/", paper.paper, name="paper"),
    path("organisations/", directory.organisations, name="organisations"),
    path("organisations/<slug:slug>/", profile.profile, name="organisation"),
    path("organisations/<slug:slug>/matches/", matches.matches, name="matches"),
    path("organisations/<slug:slug>/doors/", doors.doors, name="doors"),
    path(
        "organisations/<slug:slug>/matches/not-compatible/",
        matches.mismatches,
        name="mismatches",
    ),
    path("organisations/<slug:slug>/with/<slug:other>/", comparison.pair, name="pair"),
    path("organisations/<slug:slug>/requirements/", requirements.requirements, name="requirements"),
    path("organisations/<slug:slug>/messages/", contact.messages, name="messages"),
    path("organisations/<slug:slug>/with/<slug:other>/ask/", contact.ask, name="ask"),
    path("organisations/<slug:slug>/with/<slug:other>/write/", contact.write, name="write"),
    path("organisations/<slug:slug>/answers/", tasks.tasks, name="tasks"),
    path(
        "organisations/<slug:slug>/answers/in/<slug:dimension>/",
        questionnaire.dimension,
        name="answers-dimension",
    ),
    path(
        "organisations/<slug:slug>/answers/<slug:criterion>/",
        questionnaire.question,
        name="question",
    ),
    path("organisations/<slug:slug>/review/", review.review, name="review"),
    path("organisations/<slug:slug>/preview/", review.preview, name="preview"),
    path("organisations/<slug:slug>/publish/", review.publish, name="publish"),
    path("organisations/<slug:slug>/withdraw/", review.withdraw, name="withdraw"),
    path(
        "organisations/<slug:slug>/assessments/<int:number>/",
        profile.published,
        name="published",
    ),
    path("curation/", curation.editions, name="curation"),
    path("curation/edition/upload/", curation.upload, name="edition-upload"),
    path("curation/<slug:slug>/", curation.edition, name="edition"),
    path("curation/<slug:slug>/edition.toml", curation.export, name="edition-export"),
    path("curation/<slug:slug>/publish/", curation.publish, name="edition-publish"),
    path("curation/<slug:slug>/discard/", curation.discard, name="edition-discard"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
