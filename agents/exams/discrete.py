"""The exams of the discrete thoughts: how the cases in the files are put to the code that minds use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agents.cognition.conversation import INVITATION
from agents.cognition.emoji import EMOJI, NAMED
from agents.cognition.mind import IMPORTANCE, RECALL
from agents.cognition.planning import PLACE, STEPS
from agents.cognition.reaction import TALK, readiness
from agents.cognition.reflection import EVIDENCE_OF
from agents.cognition.rhythm import RHYTHM, USUAL_WAKE
from agents.cognition.thinker import Thinker
from agents.cognition.thoughts import Lean, Pick
from agents.cognition.wording import words
from agents.exams.exam import ChoiceExam, Exam, NumberExam, Numbers, Question
from agents.exams.sheets import HourSheet, LeanCase, LeanSheet, PairSheet, PickSheet, read
from engine.kernel.clock import HOUR

_SMALL_WORDS = frozenset(
    words(
        "a about after again all an and are as at be been before by do does did for from had has have he her him his "
        "how in into is it its no not of off on one or out she so some somebody that the their them there they this to "
        "up was were what when where which who why will with you"
    )
)


def shared_words(text: str, other: str) -> int:
    """Return how many words of weight two texts share: beginnings of words, so that "reading" is like "read"."""
    return len(_stems(text) & _stems(other))


def _stems(text: str) -> set[str]:
    return {word[:4] for word in words(text) if word not in _SMALL_WORDS and len(word) > 2}


def pick_exam(thought: Pick, named: Mapping[str, str] | None = None) -> ChoiceExam:
    """Return the exam of a pick; its rule takes the option that shares most words with what is asked.

    The options are those of the cases' groups, or `named` by the thought itself.
    """
    sheet = read(PickSheet, thought.name)
    questions = []
    for case in sheet.cases:
        group = sheet.groups[case.among] if named is None else named
        options = tuple(group.values())
        right = tuple(list(group).index(key) for key in case.keys)
        rule = max(range(len(options)), key=lambda n, o=options, a=case.ask: (shared_words(a, o[n]), -n))  # type: ignore[misc]
        questions.append(Question(options, right, _weighing(thought, case.ask, options), rule=rule))
    return ChoiceExam(thought.name, tuple(questions))


def _weighing(thought: Pick, ask: str, options: tuple[str, ...]) -> Callable[[Thinker], Numbers]:
    return lambda think: think.weigh(thought, ask, options)


def lean_exam(thought: Lean) -> ChoiceExam:
    """Return the exam of a lean whose answer is yes or no."""
    sheet = read(LeanSheet, thought.name)
    questions = []
    for case in sheet.cases:
        ready = readiness(known=case.known, something_to_tell=case.something_to_tell) if thought is TALK else 0.0
        rule = int(ready > 0) if thought is TALK else int(any(shared_words(case.who, text) for text in case.texts))
        questions.append(Question(("no", "yes"), (int(case.right),), _leaning(thought, case), (0.0, ready), rule))
    judged = len(sheet.cases[0].texts)
    return ChoiceExam(thought.name, tuple(questions), bias=(0.0, thought.gain * judged))


def _leaning(thought: Lean, case: LeanCase) -> Callable[[Thinker], Numbers]:
    def think(thinker: Thinker) -> Numbers:
        values: Mapping[str, str] = {"who": case.who} if case.who else {}
        high = [case.who] if case.who else []
        leans = yield from thinker.lean(thought, case.texts, high=high, **values)
        return [0.0, thought.gain * sum(leans)]

    return think


def importance_exam() -> ChoiceExam:
    """Return the exam of importance: which of two memories matters more."""
    questions = []
    for number, case in enumerate(read(PairSheet, IMPORTANCE.name).cases):
        first = number % 4 in (0, 3)  # so that the first is right as often as not, in both halves
        texts = (case.more, case.less) if first else (case.less, case.more)
        questions.append(Question(("the first", "the second"), (0 if first else 1,), _comparing(texts)))
    return ChoiceExam(IMPORTANCE.name, tuple(questions), level=True)


def _comparing(texts: tuple[str, str]) -> Callable[[Thinker], Numbers]:
    return lambda think: think.lean(IMPORTANCE, texts)


def rhythm_exam() -> NumberExam:
    """Return the exam of the rhythm: hours of getting up, of lifestyles that name none; right is within an hour."""
    cases = read(HourSheet, RHYTHM.name).cases
    return NumberExam(
        RHYTHM.name,
        tuple(case.wakes / HOUR for case in cases),
        tuple(_living(case.lifestyle) for case in cases),
        start=USUAL_WAKE,
        gain=RHYTHM.gain,
        low=4,
        high=11,
        step=0.5,
        close=1,
    )


def _living(lifestyle: str) -> Callable[[Thinker], Numbers]:
    return lambda think: think.lean(RHYTHM, [lifestyle])


EXAMS: Mapping[str, Callable[[], Exam]] = {
    PLACE.name: lambda: pick_exam(PLACE),
    STEPS.name: lambda: pick_exam(STEPS),
    EMOJI.name: lambda: pick_exam(EMOJI, dict(NAMED)),
    IMPORTANCE.name: importance_exam,
    RHYTHM.name: rhythm_exam,
    TALK.name: lambda: lean_exam(TALK),
    INVITATION.name: lambda: lean_exam(INVITATION),
    RECALL.name: lambda: pick_exam(RECALL),
    EVIDENCE_OF.name: lambda: pick_exam(EVIDENCE_OF),
}
"""By the name of the thought; made when they are sat, so that the files are read only then."""
