"""Contents as values: fields, specs, differences, merging. Nothing here reads or writes a row."""

from app.content.spec.differences import Change, Segment, changes, compare_words
from app.content.spec.fields import Choice, Day, Field, Flag, Levels, LongText, Many, Number, Words
from app.content.spec.merging import Merge, merge
from app.content.spec.specs import Content, Record, Spec

__all__ = [
    "Change",
    "Choice",
    "Content",
    "Day",
    "Field",
    "Flag",
    "Levels",
    "LongText",
    "Many",
    "Merge",
    "Number",
    "Record",
    "Segment",
    "Spec",
    "Words",
    "changes",
    "compare_words",
    "merge",
]
