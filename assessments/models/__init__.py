"""The tables of criteria, assessments, sheets and results."""

from assessments.models.assessment import Answer, Assessment, Requirement
from assessments.models.contact import Ask
from assessments.models.criteria import Criterion, Dimension, Edition, Level
from assessments.models.editing import AnswerEdit, Publication, Withdrawal
from assessments.models.reader import Reader
from assessments.models.results import MatchResult, Recomputation, Trouble
from assessments.models.setoff import SetOff
from assessments.models.sheet import DescriptionMark, PastSheet, Revision, Sheet, SheetChange

__all__ = [
    "Answer",
    "AnswerEdit",
    "Ask",
    "Assessment",
    "Criterion",
    "DescriptionMark",
    "Dimension",
    "Edition",
    "Level",
    "MatchResult",
    "PastSheet",
    "Publication",
    "Reader",
    "Recomputation",
    "Requirement",
    "Revision",
    "SetOff",
    "Sheet",
    "SheetChange",
    "Trouble",
    "Withdrawal",
]
