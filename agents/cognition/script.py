"""What the scripted model writes for each thought: plain lines, so that a town runs in seconds and without torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LINES: Mapping[str, Sequence[str]] = {
    "sketch": (
        " reading a new book about the sea.",
        " talking with people over a cup of coffee.",
        " watering the plants in the garden.",
        " buying vegetables and fresh bread.",
        " writing a letter to an old friend.",
        " walking slowly through the park.",
        " cooking a pot of hot soup.",
        " listening to music on the radio.",
        " tidying up the whole house.",
        " playing cards with the neighbours.",
        " repairing an old wooden chair.",
        " drawing the trees by the pond.",
    ),
    "greeting": (" How are you today?", " Nice to see you.", " What a fine day it is!", " You look busy today."),
    "reply": (
        " That is good to hear.",
        " I did not know that.",
        " Thank you for telling me.",
        " Well, that sounds interesting.",
        " I will think about it.",
        " What a surprise!",
    ),
    "question": (" care about most", " spend the day", " get along with the neighbours", " want to do next"),
    "insight": (
        " likes to be among people.",
        " takes the work seriously.",
        " enjoys the small things of the day.",
        " is curious about what goes on in town.",
        " would rather be outdoors.",
    ),
    "identity": (
        " wants to see more of the others.",
        " hopes that the day stays quiet.",
        " plans to finish what was begun.",
        " likes to spend more time outdoors.",
    ),
    "opinion": (
        " is good company.",
        " knows what goes on in town.",
        " seems a little tired these days.",
        " likes to help other people.",
        " has a lot of things to do.",
    ),
    "interview": (
        " I have had a quiet day so far. I saw a few people, and that was all.",
        " I like it here. People know each other, and there is always something to do.",
        " I could not say for sure. You had better ask the others.",
        " That is what I was thinking about, too.",
    ),
}
