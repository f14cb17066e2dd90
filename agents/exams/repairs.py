"""The exam of repairing plans: entries at a place with opening hours, held against them by the code that minds use.

Where else one goes is examined by itself (`place`): here there is only home, which is always open.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import simpy

from agents.cognition.mind import Mind
from agents.cognition.plan import Intention
from agents.cognition.repair import REPAIR, checked
from agents.exams.exam import ChoiceExam, Question
from agents.exams.sheets import RepairCase, RepairSheet, read
from engine.contact import Spot
from engine.kernel.clock import DAY

T = TypeVar("T")

THERE, HOME = "town:There", "town:Home"
COURSES = {
    (THERE,): "there",
    (HOME,): "elsewhere",
    (HOME, THERE): "there when it opens",
    (THERE, HOME): "there until it closes",
    (HOME, THERE, HOME): "there while it is open",
}
"""What one can make of an entry, by where one is in its time, one place after the other."""


def repair_exam() -> ChoiceExam:
    """Return the exam of what to do about a place that is shut, which is decided by rule."""
    courses = tuple(COURSES.values())
    questions = []
    for case in read(RepairSheet, REPAIR.name).cases:
        right, chosen = courses.index(case.right), courses.index(_course(case))
        questions.append(Question(courses, (right,), rule=chosen))
    return ChoiceExam(REPAIR.name, tuple(questions), ways=())


def _course(case: RepairCase) -> str:
    """What a mind makes of a case."""
    unlogged = SimpleNamespace(decided=lambda *_: None)
    me = SimpleNamespace(home=HOME, body=_Visitor(case), think=unlogged)
    end = case.end if case.end > case.start else case.end + DAY
    plan = _asking_nobody(checked(cast(Mind, me), [Intention(case.start, end, case.what, THERE)]))
    return COURSES[tuple(address for address, _ in groupby(entry.address for entry in plan))]


@dataclass(frozen=True, slots=True)
class _Visitor:
    """The part of a body that has to do with opening hours; as in a town, hours may go past midnight."""

    case: RepairCase
    address: str = HOME

    def spots(self) -> Sequence[Spot]:
        return ()

    def admits(self, address: str, time: int) -> bool:
        return address == HOME or self.case.own or self._is_open(time % DAY)

    def opens(self, address: str, time: int) -> int | None:
        return None if address == HOME else _following(self.case.opens, time)

    def closes(self, address: str, time: int) -> int | None:
        return None if address == HOME or self.case.own else _following(self.case.closes, time)

    def _is_open(self, second: int) -> bool:
        opens, closes = self.case.opens, self.case.closes
        if opens is None or closes is None:
            return True
        return opens <= second < closes if opens < closes else second >= opens or second < closes


def _following(second_of_day: int | None, time: int) -> int | None:
    return None if second_of_day is None else time + ((second_of_day - time) % DAY or DAY)


def _asking_nobody(thinking: Generator[simpy.Event, Any, T]) -> T:
    """Return what comes of a thought that needs no answer of a model."""
    try:
        next(thinking)
    except StopIteration as end:
        return cast(T, end.value)
    raise AssertionError("with no place to choose from there is nothing to ask")
