"""A picture for what somebody does, chosen by meaning among named emoji."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from agents.cognition.mind import Mind
from agents.cognition.thoughts import Asked, Pick

NAMED = (
    ("☕", "drinking or brewing coffee"),
    ("🍵", "drinking tea"),
    ("🍳", "cooking or frying at the stove"),
    ("🍞", "bread, baking, kneading dough"),
    ("🍽️", "eating a meal at the table"),
    ("🍺", "drinking beer in the pub"),
    ("🚿", "taking a shower or bath"),
    ("🪥", "brushing teeth, washing at the sink"),
    ("🚽", "using the toilet"),
    ("🛏️", "making the bed, lying in bed"),
    ("👕", "getting dressed, clothes"),
    ("🧹", "sweeping, cleaning, tidying up, wiping"),
    ("🧺", "doing the laundry"),
    ("🌱", "gardening, watering plants"),
    ("🌳", "trees, walking in the park"),
    ("🦆", "feeding ducks at the pond"),
    ("🛒", "shopping, buying groceries"),
    ("📦", "unpacking boxes, stocking shelves"),
    ("💰", "cash, counting money, paying at the till"),
    ("📖", "reading a book"),
    ("📰", "reading the newspaper"),
    ("✏️", "writing, taking notes, marking papers"),
    ("🏫", "teaching a class at the blackboard"),
    ("🎨", "painting, drawing, art"),
    ("🎵", "music, singing, playing an instrument"),
    ("📻", "listening to the radio, watching television"),
    ("💻", "working at a computer"),
    ("📞", "talking on the phone"),
    ("🔨", "repairing, building with tools"),
    ("🎯", "playing darts, games"),
    ("♟️", "playing chess or cards"),
    ("⚽", "sports, playing ball, exercise"),
    ("🧘", "stretching, resting quietly, meditating"),
    ("🪑", "sitting on a bench or a chair"),
    ("🛋️", "relaxing on the sofa"),
    ("💬", "chatting, talking with people, serving guests"),
    ("🎉", "celebrating a party"),
    ("🐾", "animals, walking the dog, petting the cat"),
    ("🔥", "fire, the fireplace"),
    ("💭", "thinking, planning, looking out of the window"),
)

EMOJI = Pick(
    "emoji",
    "which picture stands for what somebody does",
    f"one of {len(NAMED)} named emoji",
    Asked(
        (
            {"situation": "doing something"},
            {"situation": "having a cup of coffee with a friend"},
            {"situation": "working in the garden"},
            {"situation": "looking for a book"},
        ),
        {"situation": "doing something"},
    ),
)


def for_activity(me: Mind, activity: str) -> Generator[simpy.Event, Any, str]:
    """Choose the emoji whose name is closest in meaning to an activity."""
    best = yield from me.think.pick(EMOJI, activity, [name for _, name in NAMED])
    return NAMED[best][0]
