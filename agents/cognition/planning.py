"""Plans, from the top down: when to get up, a sketch of the day, hours, and steps just in time.

Park et al. 2023, section 4.3. Habits, meals, work and appointments are rules; the model words what fills the gaps;
where to do it is decided by meaning and by the way there; the steps are things that can be done with what is there.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp
from typing import Any

import numpy as np
import simpy

from agents.cognition.identity import latest_wish
from agents.cognition.mind import WORK_HOURS, Mind
from agents.cognition.placing import NOTHING_SPECIAL, described, nearest_spots, place_for
from agents.cognition.plan import Intention, by_hours, filled, gaps, with_appointment, without_overlaps
from agents.cognition.reflection import salient
from agents.cognition.repair import checked
from agents.cognition.thoughts import Asked, Line, Pick
from agents.cognition.wording import breaks_off, echoes, is_fit, sentence, words
from agents.memory.stream import Memory, MemoryKind
from engine.contact import Use
from engine.kernel.clock import DAY, HOUR, MINUTE
from engine.kernel.streams import pick
from engine.llm.requests import Shape, Write
from engine.record.events import Planned

MEALS = (
    (6 * HOUR, 8 * HOUR, 10 * HOUR, "having breakfast"),
    (11 * HOUR, 12 * HOUR + 30 * MINUTE, 15 * HOUR, "having lunch"),
    (17 * HOUR, 18 * HOUR + 30 * MINUTE, 21 * HOUR, "having dinner"),
)
"""Earliest, usual and latest second of the day, and what it is called."""
MEAL = 30 * MINUTE
SHORTEST_GAP = 45 * MINUTE
REMEMBERED = 5
"""So many memories have a say in what one does with the day."""
SHORTEST_STEP, LONGEST_STEP = 5 * MINUTE, 15 * MINUTE
STEP_TEMPERATURE = 0.06
"""How freely steps are drawn: difference in cosine that makes one step e times as likely as another."""

STEPS = Pick(
    "steps",
    "what to do next for what one has in mind",
    "one of the things that can be done with what is there, drawn by closeness",
    Asked(NOTHING_SPECIAL, {"situation": "doing something"}),
)
SKETCH = Line(
    "sketch",
    "what to do in a free stretch of the day",
    "a line, of the samples the one that suits the person and the places around best",
    begin="{me} at {time}{where} is",
    max_tokens=24,
    temperature=0.6,
    banned=("olga", "ravi", "donkey", "hens", "horse", "stable", "violin", "waltz", "screws", "stars"),
    blank={"summary": "", "remembered": ""},
    contrast_weight=0.3,
    shape=Shape.REGEX,
    pattern=r" [a-z]{2,10}ing( [a-z']{1,12}){2,9}\.",
    stop=(),
)


@dataclass(frozen=True, slots=True)
class Step:
    """The next thing to do: what, until when, where, and with which object if any."""

    activity: str
    end: int
    address: str
    use: Use | None


Thinking = Generator[simpy.Event, Any, Any]


def plan_day(me: Mind, day: int) -> Generator[simpy.Event, Any, None]:
    """Make the plan of calendar day `day`, from now (or from getting up) until going to bed.

    Who does without planning has none, and improvises.
    """
    start, end = me.lane.now, me.bed_time(day)
    if start >= end or not me.keeps(MemoryKind.PLAN):
        me.plan = []
        return
    fixed = _with_meals(_appointments(me, day), me.clock.time_of(day, 0), start, end)
    fixed = without_overlaps(fixed, start, end)
    free = [gap for gap in _split_at_work(me, day, gaps(fixed, start, end)) if gap[1] - gap[0] >= SHORTEST_GAP]
    sketch = yield from _sketch(me, _slots(free, me.settings.sketch_lines))
    intentions = filled(sorted([*fixed, *sketch], key=lambda i: i.start), start, end)
    placed = yield from checked(me, (yield from _place(me, intentions)))
    me.lane.emit(Planned("day", tuple(i.entry() for i in placed)))
    me.plan = by_hours(placed, me.clock.second_of_day(0))
    me.lane.emit(Planned("hour", tuple(i.entry() for i in me.plan)))
    lines = "; ".join(f"at {me.clock.hhmm(i.start)} {i.activity}" for i in placed)
    text = f"Plan of {me.name} for {me.clock.at(start):%A}: {lines}"
    done = [activity for i in me.plan for activity in (i.activity, *(use.activity for use in me.uses(i.address)))]
    yield from me.think.meanings(STEPS.name, [text, *done])  # for all steps of the day; one by one they are looked up
    yield from me.remember(MemoryKind.PLAN, [text])


def improvise(me: Mind, bed_time: int) -> Generator[simpy.Event, Any, Intention]:
    """Decide what to do until the next full hour, as one line of a sketch, by who makes no plans."""
    second = me.clock.second_of_day(me.lane.now)
    end = min(me.lane.now + (HOUR - second % HOUR), bed_time)
    sketch = yield from _sketch(me, [(me.lane.now, end)])
    placed: list[Intention] = yield from checked(me, (yield from _place(me, sketch)))
    me.plan += placed
    me.lane.emit(Planned("hour", tuple(i.entry() for i in placed)))
    return placed[0]


def _appointments(me: Mind, day: int) -> list[Intention]:
    """What is fixed on a day: habits, and where the person said it would go."""
    plan = []
    for habit in me.persona.habits:
        start = me.clock.time_of(day, habit.at)
        start = start if start >= me.wake_time(day) else start + DAY
        plan.append(Intention(start, start + habit.minutes * MINUTE, habit.do, me.address(habit.where)))
    for appointment in me.appointments:
        if me.wake_time(day) <= appointment.start < me.bed_time(day):
            plan = with_appointment(plan, appointment)
    return plan


def _with_meals(fixed: list[Intention], midnight: int, start: int, end: int) -> list[Intention]:
    """Add the meals that no habit speaks of: each as near to its usual time as there is room for it in its hours."""
    meals: list[Intention] = []
    for earliest, usual, latest, activity in MEALS:
        name = activity.split()[-1]
        if any(name in words(i.activity) for i in fixed):
            continue
        free = gaps([*fixed, *meals], max(start, midnight + earliest), min(end, midnight + latest))
        begins = [max(low, min(midnight + usual, high - MEAL)) for low, high in free if high - low >= MEAL]
        if begins:
            begin = min(begins, key=lambda time: abs(time - midnight - usual))
            meals.append(Intention(begin, begin + MEAL, activity))
    return [*fixed, *meals]


def _split_at_work(me: Mind, day: int, free: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Cut free time where working hours begin and end."""
    if not me.persona.work:
        return list(free)
    cuts = [me.clock.time_of(day, second) for second in WORK_HOURS]
    pieces: list[tuple[int, int]] = []
    for start, end in free:
        inner = [start, *(cut for cut in cuts if start < cut < end), end]
        pieces += pairwise(inner)
    return pieces


def _slots(free: Sequence[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """Divide free time into at most `most` slots, halving the longest until all are at most two hours."""
    slots = sorted(free, key=lambda gap: (gap[0] - gap[1], gap[0]))[:most]
    while slots and len(slots) < most:
        longest = max(slots, key=lambda slot: (slot[1] - slot[0], -slot[0]))
        if longest[1] - longest[0] <= 2 * HOUR:
            break
        middle = (longest[0] + longest[1]) // 2 // (30 * MINUTE) * (30 * MINUTE)
        slots.remove(longest)
        slots += [(longest[0], middle), (middle, longest[1])]
    return sorted(slots)


def _sketch(me: Mind, slots: Sequence[tuple[int, int]]) -> Generator[simpy.Event, Any, list[Intention]]:
    """Word what to do in each slot. All lines are asked for at once; of the samples, meaning picks the one that suits
    the person, what it remembers and the places around best, and none that repeats another line, of the last day's
    sketch either.
    """
    if not slots:
        return []
    about = f"what {me.name} wants to do, and with whom"
    memories = [m for m in (yield from me.recall("sketch", about, REMEMBERED)) if m.kind is not MemoryKind.PLAN]
    remembered, told = [m.text for m in memories], _worth_telling(me, memories)
    written = yield from me.think.write([_sketch_line(me, start, told) for start, _ in slots], is_doing)
    lines: list[str] = []
    for number, samples in enumerate(written):
        ranked = yield from _by_suitability(me, [text.strip(" .") for text in samples], remembered)
        spare = me.pastimes[(number + me.clock.day(slots[0][0])) % len(me.pastimes)]
        lines.append(next((text for text in ranked if is_doing(text, [*lines, *me.sketched])), spare))
    me.sketched = lines
    return [
        Intention(start, end, text, me.work_address(start), fixed=False)
        for (start, end), text in zip(slots, lines, strict=True)
    ]


def _worth_telling(me: Mind, recalled: Sequence[Memory]) -> list[str]:
    """Return a thought that comes to mind, of somebody mostly, and what was most important of the last day.

    Neither repeats what the prompt says of the person anyway.
    """
    thoughts = [memory for memory in recalled if memory.kind is MemoryKind.REFLECTION]
    events = [m for m in salient(me, since=me.lane.now - DAY) if m.kind is not MemoryKind.REFLECTION]
    events.sort(key=lambda memory: (-memory.importance, -memory.number))
    told: list[str] = []
    for memories in (thoughts, events):
        new = (m.text for m in memories if not latest_wish(me.persona, [m.text]))
        told += [text for text in new if not echoes(text, [me.persona.summary])][:1]
    return told


def _by_suitability(me: Mind, lines: list[str], remembered: Sequence[str]) -> Generator[simpy.Event, Any, list[str]]:
    """Order lines by how close they are to who the person is, to what comes to mind, and to what the places it
    knows are for.
    """
    if len(lines) < 2:
        return lines
    person = [me.persona.summary, me.currently, *remembered]
    places = [described(spot) for spot in nearest_spots(me, me.body.spots(), me.home)]
    vectors = yield from me.think.meanings("sketch", [*lines, *person, *places])
    cosines = np.stack(vectors[: len(lines)]) @ np.stack(vectors[len(lines) :]).T
    suits = (1.5 * cosines[:, : len(person)].max(axis=1) + cosines[:, len(person) :].max(axis=1, initial=-1.0)).tolist()
    return [lines[i] for i in sorted(range(len(lines)), key=lambda i: (-suits[i], i))]


def is_doing(text: str, known: Iterable[str] = ()) -> bool:
    """Whether a text says to its end what one does, and something else than what is known."""
    return is_fit(text, known) and not breaks_off(text)


def _sketch_line(me: Mind, start: int, told: Sequence[str]) -> Write:
    at_work = me.work_address(start)
    where = f" at {me.body.describe(at_work)}" if at_work else ""
    time = me.clock.hhmm(start)
    return SKETCH.request(
        2 * me.settings.samples,
        summary=f"{me.persona.summary} {me.wish}".rstrip(),
        remembered=" ".join(map(sentence, told)),
        me=me.first_name,
        time=time,
        where=where,
    )


def _place(me: Mind, intentions: Sequence[Intention]) -> Generator[simpy.Event, Any, list[Intention]]:
    """Decide by meaning where to do what has no place yet, among the places that are open then."""
    yield from me.think.meanings("place", [i.activity for i in intentions if not i.address])
    placed: list[Intention] = []
    here = me.body.address
    for intention in intentions:
        if not intention.address:
            address = yield from place_for(me, intention.activity, intention.start, here)
            intention = replace(intention, address=address)
        placed.append(intention)
        here = intention.address
    return placed


def steps_for(me: Mind, intention: Intention) -> Generator[simpy.Event, Any, list[Step]]:
    """Divide an intention into steps of 5 to 15 minutes: things that can be done where it takes place.

    A step is as long as what is done takes, and leaves at least 5 minutes for the next one where they can be spared.
    What is closer in meaning to the intention is more likely; nothing is done twice before all else has been done.
    Nobody lies down to sleep who means to do something else. Where there is nothing to use, every step is what one
    has in mind. What is ordered is one step.
    """
    if intention.ordered:
        steps = [(yield from _to_the_letter(me, intention))]
    elif uses := _fitting_uses(me, intention):
        cosines = yield from me.think.weigh(STEPS, intention.activity, [use.activity for use in uses])
        steps = _drawn(me, intention, uses, cosines)
    else:
        steps = _pieces(me, intention)
    me.lane.emit(Planned("step", tuple(_entry(step, start) for step, start in _with_starts(steps, me.lane.now))))
    return steps


def _fitting_uses(me: Mind, intention: Intention) -> list[Use]:
    uses = me.uses(intention.address)
    if "sleep" in intention.activity:
        return uses
    return [use for use in uses if "sleep" not in use.activity] or uses


def _drawn(me: Mind, intention: Intention, uses: Sequence[Use], cosines: Sequence[float]) -> list[Step]:
    dice = me.lane.dice("steps")
    steps: list[Step] = []
    left = list(range(len(uses)))
    time = max(me.lane.now, intention.start)
    while time < intention.end:
        left = left or list(range(len(uses)))
        best = max(cosines[index] for index in left)
        weights = [exp((cosines[index] - best) / STEP_TEMPERATURE) for index in left]
        use = uses[left.pop(pick(weights, dice))]
        time = _step_end(time, use.minutes * MINUTE, intention.end)
        steps.append(Step(use.activity, time, use.address, use))
    return steps


def _pieces(me: Mind, intention: Intention) -> list[Step]:
    steps: list[Step] = []
    time = max(me.lane.now, intention.start)
    while time < intention.end:
        time = _step_end(time, LONGEST_STEP, intention.end)
        steps.append(Step(intention.activity, time, intention.address, None))
    return steps


def _step_end(start: int, length: int, end: int) -> int:
    """Return when a step ends that would take so long, such that the next one, if any, has its least time, too."""
    left = end - start
    length = max(SHORTEST_STEP, min(length, LONGEST_STEP))
    if left - length >= SHORTEST_STEP:
        return start + length
    return end if left <= LONGEST_STEP else end - SHORTEST_STEP


def _to_the_letter(me: Mind, order: Intention) -> Generator[simpy.Event, Any, Step]:
    """Return what is ordered as it was worded, with an object only where one of its uses goes by the same verb."""
    verb = words(order.activity)[:1]
    fitting = [use for use in me.uses(order.address) if verb and words(use.activity)[:1] == verb]
    if not fitting:
        return Step(order.activity, order.end, order.address, None)
    best = yield from me.think.pick(STEPS, order.activity, [use.activity for use in fitting])
    return Step(order.activity, order.end, fitting[best].address, fitting[best])


def _with_starts(steps: Sequence[Step], start: int) -> list[tuple[Step, int]]:
    return list(zip(steps, [start, *(step.end for step in steps[:-1])], strict=True))


def _entry(step: Step, start: int) -> Any:
    return Intention(start, step.end, step.activity, step.address).entry()
