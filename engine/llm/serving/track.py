"""One text in the making: its tokens, where it ends, and what of it can be shown already."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Final

import llguidance
import numpy as np
from numpy.typing import NDArray

from engine.llm.constraint import Mask, grammar_mask
from engine.llm.sampling import draw, uniform
from engine.llm.tokenizer import Tokenizer

STOP: Final = "stop"
LENGTH: Final = "length"
_NO_WAY: Final = "NoExtensionBias"
"""What llguidance says where no token leads on."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are drawn, and when a text ends at the latest. Temperature 0 is greedy."""

    max_tokens: int
    temperature: float = 1.0
    top_p: float = 1.0
    seed: int = 0
    stop: tuple[str, ...] = ()
    top: int = 0
    """How many of the most likely tokens are noted in the place of each one."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A token: its place in the text, its log-probability as the model gives it, and the likeliest tokens instead."""

    token: int
    place: int
    log: float
    likely: tuple[tuple[int, float], ...]


class Track:
    """The sample `index` of a text that is being written."""

    def __init__(
        self, tokenizer: Tokenizer, sampling: Sampling, index: int, matcher: llguidance.LLMatcher | None
    ) -> None:
        self.index = index
        self.text = ""
        self.finish = ""
        """Why the text is over; empty while it is not."""
        self.flaw = ""
        """What is wrong with its grammar, if that asks for more and allows nothing."""
        self._drawn: list[Drawn] = []
        self._tokenizer = tokenizer
        self._sampling = sampling
        self._matcher = matcher
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._shown = 0
        self._shown_tokens = 0
        self.told = False
        """Whether its end was told to whom waits for it."""

    def step(self, logs: NDArray[np.float32]) -> int | None:
        """Draw the next token from its log-probabilities [vocabulary]; return it, None when the text is over."""
        sampling = self._sampling
        chance = uniform(sampling.seed, self.index, len(self._drawn))
        mask = self._mask()
        token = draw(logs, mask, sampling.temperature, sampling.top_p, chance)
        if token is None or token in self._tokenizer.special or not self._allows(token):
            self.flaw = "" if mask is None else self._dead_end()
            self._end(STOP)
            return None
        likely = _likeliest(logs, sampling.top)
        self._drawn.append(Drawn(token, len(self.text), float(logs[token]), likely))
        self.text += self._decoder.decode(self._tokenizer.vocabulary[token])
        if self._cut():
            self.finish = STOP
        elif self._matcher is not None and self._matcher.is_stopped():
            self._end(STOP)
        elif len(self._drawn) >= sampling.max_tokens:
            self._end(LENGTH)
        return None if self.finish else token

    @property
    def spent(self) -> int:
        """How many tokens were drawn, with those of a stop string."""
        return len(self._drawn)

    def tokens(self) -> list[Drawn]:
        """Return the tokens of the text; those of a stop string are not part of it."""
        return [drawn for drawn in self._drawn if drawn.place < len(self.text) or self.finish == LENGTH]

    def news(self) -> str:
        """Return what can be shown since the last time: not what may turn out to begin a stop string."""
        end = len(self.text)
        if not self.finish:
            held = (
                length
                for stop in self._sampling.stop
                for length in range(1, len(stop))
                if self.text.endswith(stop[:length])
            )
            end -= max(held, default=0)
        shown, self._shown = self._shown, max(end, self._shown)
        return self.text[shown : self._shown]

    def new_tokens(self) -> list[Drawn]:
        """Return the tokens of what was shown since the last time."""
        shown = [drawn for drawn in self.tokens() if drawn.place < self._shown or self.finish]
        before, self._shown_tokens = self._shown_tokens, len(shown)
        return shown[before:]

    def _mask(self) -> Mask | None:
        return None if self._matcher is None else grammar_mask(self._matcher, self._tokenizer)

    def _allows(self, token: int) -> bool:
        if self._matcher is None:
            return True
        return bool(self._matcher.validate_tokens([token])) and bool(self._matcher.consume_token(token))

    def _dead_end(self) -> str:
        problem = "" if self._matcher is None else self._matcher.get_error().partition("\n")[0]
        if problem not in ("", _NO_WAY):
            return f"cannot be enforced: {problem}"
        return "cannot be satisfied: there is no text" + (f" that begins with {self.text[:80]!r}" if self.text else "")

    def _cut(self) -> bool:
        """Cut the text at the first stop string, if there is one."""
        places = [place for stop in self._sampling.stop if (place := self.text.find(stop)) >= 0]
        self.text = self.text[: min(places)] if places else self.text
        return bool(places)

    def _end(self, why: str) -> None:
        self.finish = why
        self.text += self._decoder.decode(b"", final=True)  # a letter of which only some bytes came


def _likeliest(logs: NDArray[np.float32], count: int) -> tuple[tuple[int, float], ...]:
    if not count:
        return ()
    best = np.argpartition(logs, -count)[-count:]
    best = best[np.lexsort((best, -logs[best]))]
    return tuple((int(token), float(logs[token])) for token in best)
