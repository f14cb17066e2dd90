"""Small sheets of answers for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agents.believability.sheet import Given, Item, Person, Sheet, conditions_of

PEOPLE = ("Ida Calder", "Tomas Birch", "Mara Quill")


def sheet_of(answers: Sequence[Mapping[str, str]], people: Sequence[str] = PEOPLE) -> Sheet:
    """Return a sheet in which everybody is asked as many questions as there are answers, by condition."""
    return Sheet(
        run="runs/test",
        when="Monday",
        model="scripted",
        seed=3,
        people=tuple(Person(name=name, summary=f"{name} lives in Thorp.") for name in people),
        items=tuple(
            Item(
                person=name,
                number=number,
                kind="memory",
                question=f"What is number {number}?",
                notes=(f"{name} likes {number}",),
                answers={
                    condition: Given(text=text.format(name=name, number=number), way="model")
                    for condition, text in given.items()
                },
            )
            for name in people
            for number, given in enumerate(answers)
        ),
    )


def usual_sheet(questions: int = 3) -> Sheet:
    """Return a sheet with all conditions, in which two of them answer in the same words."""
    answers = {condition: f"{condition}: {{name}} says {{number}}." for condition in conditions_of()}
    answers["no reflection"] = answers["full memory"]
    return sheet_of([answers] * questions)
