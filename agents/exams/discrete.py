"""The exams of the discrete thoughts: how the cases in the files are put to the code that minds use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from agents.cognition.alarm import ALARM
from agents.cognition.emoji import EMOJI, NAMED
from agents.cognition.going import ELSEWHERE, Resort, resort
from agents.cognition.hearing import INVITATION
from agents.cognition.interview import INTERVIEW
from agents.cognition.mind import IMPORTANCE, RECALL, Topic
from agents.cognition.placing import PLACE
from agents.cognition.planning import STEPS
from agents.cognition.reaction import TALK, WHOM, most_inviting, readiness
from agents.cognition.reflection import EVIDENCE_OF
from agents.cognition.repair import REPAIR
from agents.cognition.rhythm import LIVES, RHYTHM, USUAL
from agents.cognition.settings import MindSettings
from agents.cognition.speaking import ENDING, Move, next_move
from agents.cognition.thinker import Thinker
from agents.cognition.thoughts import MEANING, Lean, Pick
from agents.cognition.topics import TOPIC, past, planned, worth_telling
from agents.cognition.upkeep import UPKEEP, quickest
from agents.cognition.wording import words
from agents.exams.answers import answer_exam
from agents.exams.exam import ChoiceExam, Exam, Numbers, Question
from agents.exams.repairs import repair_exam
from agents.exams.sheets import (
    DoorSheet,
    EndingSheet,
    HourSheet,
    LeanCase,
    LeanSheet,
    PairSheet,
    PickSheet,
    RemedySheet,
    TopicCase,
    TopicSheet,
    WhomSheet,
    read,
)
from agents.memory.stream import Memory, MemoryKind
from engine.contact import Obstacle, Refused, Use
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


def pick_exam(thought: Pick, named: Mapping[str, str] | None = None, *, fixed: bool = False) -> ChoiceExam:
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
    return ChoiceExam(thought.name, tuple(questions), fixed=fixed)


def _weighing(thought: Pick, ask: str, options: tuple[str, ...]) -> Callable[[Thinker], Numbers]:
    return lambda think: think.weigh(thought, ask, options)


def lean_exam(thought: Lean) -> ChoiceExam:
    """Return the exam of a lean whose answer is yes or no."""
    sheet = read(LeanSheet, thought.name)
    questions = []
    for case in sheet.cases:
        ready = readiness(known=case.known, something_to_tell=case.something_to_tell) if thought is TALK else 0.0
        rule = int(ready > 0) if thought is TALK else int(any(shared_words(case.what, text) for text in case.texts))
        questions.append(Question(("no", "yes"), (int(case.right),), _leaning(thought, case), (0.0, ready), rule))
    judged = len(sheet.cases[0].texts)
    return ChoiceExam(thought.name, tuple(questions), bias=(0.0, thought.gain * judged))


def _leaning(thought: Lean, case: LeanCase) -> Callable[[Thinker], Numbers]:
    def think(thinker: Thinker) -> Numbers:
        values: Mapping[str, str] = {"what": case.what} if case.what else {}
        leans = yield from thinker.lean(thought, case.texts, **values)
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


def rhythm_exam() -> ChoiceExam:
    """Return the exam of the rhythm, of lifestyles that name no time: right is the hour that is nearest to the truth.

    Its rule takes everybody for a person of usual hours.
    """
    lives, rising = tuple(life for life, _ in LIVES), [rises for _, (rises, _) in LIVES]
    usual = rising.index(USUAL[0])
    questions = []
    for case in read(HourSheet, RHYTHM.name).cases:
        off = [abs(rises - case.wakes / HOUR) for rises in rising]
        right = tuple(n for n, hours in enumerate(off) if hours == min(off))
        questions.append(Question(lives, right, _weighing(RHYTHM, case.lifestyle, lives), rule=usual))
    return ChoiceExam(RHYTHM.name, tuple(questions))


def ending_exam() -> ChoiceExam:
    """Return the exam of the end of a talk, which is decided by rule."""
    questions = []
    limit = MindSettings().conversation_lines
    for case in read(EndingSheet, ENDING.name).cases:
        move = next_move(case.lines, limit, told=case.told, leave=case.leave, something_to_tell=case.something_to_tell)
        over = int(move in (Move.PART, Move.RETURN_FAREWELL))
        questions.append(Question(("go on", "end"), (int(case.right == "end"),), rule=over))
    return ChoiceExam(ENDING.name, tuple(questions), ways=())


def whom_exam() -> ChoiceExam:
    """Return the exam of the choice among those in sight; its rule takes the nearest."""
    questions = []
    for case in read(WhomSheet, WHOM.name).cases:
        places = "the nearest", "the second", "the third"
        questions.append(Question(places, (case.right,), _inviting(case.people), rule=0))
    return ChoiceExam(WHOM.name, tuple(questions), ways=(MEANING,), fixed=True)


def _inviting(people: Sequence[str]) -> Callable[[Thinker], Numbers]:
    def think(thinker: Thinker) -> Numbers:
        leans = yield from thinker.lean(TALK, [person.removeprefix("*") for person in people])
        best = most_inviting(leans, [person.startswith("*") for person in people])
        return [float(number == best) for number in range(len(people))]

    return think


def elsewhere_exam() -> ChoiceExam:
    """Return the exam of shut doors and full rooms, which is decided by rule."""
    resorts = tuple(each.value for each in Resort)
    questions = []
    for case in read(DoorSheet, ELSEWHERE.name).cases:
        opens = None if case.opens_in is None else 60 * case.opens_in
        chosen = resort(Refused(Obstacle(case.why), opens), 0, 60 * case.left)
        questions.append(Question(resorts, (resorts.index(case.right),), rule=resorts.index(chosen.value)))
    return ChoiceExam(ELSEWHERE.name, tuple(questions), ways=())


def upkeep_exam() -> ChoiceExam:
    """Return the exam of putting objects right, which is decided by rule."""
    questions = []
    for case in read(RemedySheet, UPKEEP.name).cases:
        uses = [Use("", "", activity, "", minutes) for activity, minutes in case.helps.items()]
        activities = tuple(case.helps)
        right, chosen = activities.index(case.right), activities.index(quickest(uses).activity)
        questions.append(Question(activities, (right,), rule=chosen))
    return ChoiceExam(UPKEEP.name, tuple(questions), ways=())


def topic_exam() -> ChoiceExam:
    """Return the exam of what to tell, which is decided by rule among what there is."""
    questions = []
    for case in read(TopicSheet, TOPIC.name).cases:
        keys = (*case.news, *case.saw, *case.plan, "")
        questions.append(Question(keys, (keys.index(case.right),), rule=keys.index(_told(case))))
    return ChoiceExam(TOPIC.name, tuple(questions), ways=())


def _told(case: TopicCase) -> str:
    """The key of what is told in a case."""
    me, now = "Ada Finch", 100
    news = {
        key: Topic(text, text, case.heard_from.get(key, me), True, now - 1 if key in case.over else now + 1)
        for key, text in case.news.items()
    }
    seen = {key: Topic(f"I saw that {past(text)}", past(text), me) for key, text in case.saw.items()}
    plans = {key: planned(me, activity) for key, activity in case.plan.items()}
    there_is = {**news, **seen, **plans}
    memories = [Memory(n, MemoryKind.OBSERVATION, text, 0, 1.0, (), ("x",)) for n, text in enumerate(case.saw.values())]
    told = {there_is[key].text for key in case.told}
    found = worth_telling(me, case.to, now, case.here, news.values(), memories, plans.values(), told)
    return next((key for key, topic in there_is.items() if found and topic.text == found[0].text), "")


EXAMS: Mapping[str, Callable[[], Exam]] = {
    PLACE.name: lambda: pick_exam(PLACE),
    STEPS.name: lambda: pick_exam(STEPS),
    EMOJI.name: lambda: pick_exam(EMOJI, dict(NAMED)),
    IMPORTANCE.name: importance_exam,
    RHYTHM.name: rhythm_exam,
    ALARM.name: lambda: lean_exam(ALARM),
    TALK.name: lambda: lean_exam(TALK),
    WHOM.name: whom_exam,
    ENDING.name: ending_exam,
    ELSEWHERE.name: elsewhere_exam,
    UPKEEP.name: upkeep_exam,
    REPAIR.name: repair_exam,
    TOPIC.name: topic_exam,
    INVITATION.name: lambda: lean_exam(INVITATION),
    RECALL.name: lambda: pick_exam(RECALL, fixed=True),
    EVIDENCE_OF.name: lambda: pick_exam(EVIDENCE_OF),
    INTERVIEW.name: answer_exam,
}
"""By the name of the thought; made when they are sat, so that the files are read only then."""
