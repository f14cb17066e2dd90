"""What a thought is: one declared unit with a name, the segments it is put in, a typed answer, limits and ways.

A discrete thought has a question with a countable answer. Most are of two shapes. A `Pick` takes one of several
described options; a `Lean` says between two poles how far a text lies towards the one or the other. Both come down to a
number per option, and there are three ways to such a number: `meaning` (closeness to the sentence encoder), `channel`
(how likely the language model finds the text under the option) and `likelihood` (how likely it finds the option after
the text). Numbers of several ways may be added, with weights. What is settled by a `Rule` asks no model, and a `Line`
is a text that the language model words. Declarations stand beside the code that thinks them; `catalogue.py` lists them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from agents.cognition import prompts
from engine.llm.requests import Choose, Segments, Shape, Way, Write

MEANING: Final = "meaning"
CHANNEL: Final = Way.CHANNEL.value
LIKELIHOOD: Final = Way.LIKELIHOOD.value
WAYS: Final = (MEANING, CHANNEL, LIKELIHOOD)
BIAS: Final = "bias"
"""Stands among the weights for what is added in any case; of leans only."""

WEIGHED: Final = ("place", "steps", "emoji", "importance", "rhythm", "talk", "invitation", "evidence", "alarm")
"""The discrete thoughts whose ways can be set."""

Weights = Mapping[str, float]
"""How much each way counts; the unit of the sum is a cosine, so that what else is weighed against it stays as it is."""
AS_DECLARED: Final[Weights] = {MEANING: 1.0}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a discrete thought is put to a language model: two prompts of the thought's name, and what is neutral.

    `NAME.channel.txt` ends with a segment for the option and one for the evidence; `NAME.likelihood.txt` with one for
    the situation and one for the option. The scores of an option are taken relative to those it has with `references`
    (channel) or with `neutral` (likelihood), so that no option is a favourite in itself.
    """

    references: tuple[Mapping[str, str], ...]
    neutral: Mapping[str, str]

    def channel(self, name: str, options: Sequence[str], values: Mapping[str, str]) -> Choose:
        """Return the question under which option the evidence is likely."""
        *context, option, evidence = prompts.segments(f"{name}.channel")
        return Choose(
            name,
            _filled(context, values),
            tuple(option.format_map({**values, "option": each}) for each in options),
            way=Way.CHANNEL,
            evidence=f" {evidence.format_map(values)}",
            references=tuple(f" {evidence.format_map({**values, **each})}" for each in self.references),
        )

    def likelihood(self, name: str, options: Sequence[str], values: Mapping[str, str]) -> Choose:
        """Return the question which option is likely after the situation."""
        *context, situation, option = prompts.segments(f"{name}.likelihood")
        shared = _filled(context, values)
        return Choose(
            name,
            (*shared, situation.format_map(values)),
            tuple(f" {option.format_map({**values, 'option': each})}\n" for each in options),
            prior=(*shared, situation.format_map({**values, **self.neutral})),
        )


def _filled(context: Sequence[str], values: Mapping[str, str]) -> Segments:
    return tuple(f"{segment.format_map(values)}\n" for segment in context)


@dataclass(frozen=True, slots=True)
class Thought:
    """What all declarations have."""

    name: str
    """Also the purpose of its requests, and the key of its ways and exam."""
    settles: str
    """What it settles, as half a sentence."""
    answer: str
    """The type of its answer, in words."""


@dataclass(frozen=True, slots=True)
class Pick(Thought):
    """Takes one of several described options: the one whose number is highest, unless other things are weighed too."""

    asked: Asked


@dataclass(frozen=True, slots=True)
class Lean(Thought):
    """Says how far texts lie towards a high pole, away from a low one.

    By meaning: the cosine to the nearest high anchor minus that to the nearest low one. A language model is asked about
    the two `labels`, low and high.
    """

    asked: Asked
    low: tuple[str, ...]
    high: tuple[str, ...]
    labels: tuple[str, str]
    gain: float
    """How much the number weighs in the answer: logits, or hours, per unit."""


@dataclass(frozen=True, slots=True)
class Rule(Thought):
    """Is settled without a model. `why` says why that is better, or good enough."""

    why: str


@dataclass(frozen=True, slots=True)
class Line(Thought):
    """A line of text that the language model words: the best of several samples that are fit for use.

    `begin` and `contrast` are templates like the prompt. The contrast is the prompt with other values (`blank`), or
    else another text (`instead`).
    """

    begin: str
    max_tokens: int
    temperature: float
    banned: tuple[str, ...]
    """Words of the prompt's examples, which small models copy."""
    blank: Mapping[str, str] = field(default_factory=dict)
    instead: str = ""
    contrast_weight: float = 0.6
    shape: Shape = Shape.LINE
    pattern: str = ""
    stop: tuple[str, ...] = ("\n",)

    def request(self, samples: int, **values: str) -> Write:
        """Return the request for so many samples."""
        contrast: Segments = ()
        if self.instead:
            contrast = (self.instead.format_map(values) + "\n",)
        elif self.blank:
            contrast = prompts.fill(self.name, **{**values, **_templates(self.blank, values)})
        return Write(
            self.name,
            prompts.fill(self.name, **values),
            begin=self.begin.format_map(values),
            shape=self.shape,
            pattern=self.pattern,
            max_tokens=self.max_tokens,
            stop=self.stop,
            samples=samples,
            temperature=self.temperature,
            contrast=contrast,
            contrast_weight=self.contrast_weight,
            banned=self.banned,
        )


def _templates(blank: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    return {key: text.format_map(values) for key, text in blank.items()}


def weights_of(way: str | Weights | None) -> Weights:
    """Return the weights that a setting stands for: a way's name, weights, or nothing for what is declared."""
    if way is None:
        return AS_DECLARED
    return {way: 1.0} if isinstance(way, str) else way


def name_of(weights: Weights) -> str:
    """Return what a way is called in the log: "meaning", or "meaning+channel" where several are added."""
    return "+".join(way for way in WAYS if weights.get(way)) or "rule"
