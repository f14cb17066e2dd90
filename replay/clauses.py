"""Where a log speaks of which piece of news: whole clauses, by the frames in which minds remember and say them.

The frames are those of `agents.cognition` (`life`, `hearing`, `voices`, `speaking`, `conversation`): "S told X that …",
"X knows that …" and so on. A piece of news can hold what a frame is made of, commas and full stops too, and can be the
beginning or the end of another one: at each place it is the longest that fits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from engine.record.events import Remembered

LISTED = ("", ", ", " and ")
"""What stands before and after a topic in the memory of a talk, where it is not the first or the last."""
ATTENDING = (" is attending: ", " was attending: ")
"""What others see somebody do who is at a gathering, and what they tell of it; then comes where that is."""
TALKED = " talked with "


def clause(text: str) -> str:
    """Return a sentence as it stands inside another one: no full stop at its end."""
    return text.strip().rstrip(".!")


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of a line in which news is said, and the news that it can be, the likeliest first.

    It can be more than one where they differ in capitals alone, or where one says of another who told it.
    """

    start: int
    end: int
    news: tuple[str, ...]


class Clauses:
    """Finds some pieces of news, given by their texts, in what is remembered, decided and said."""

    def __init__(self, news: Sequence[str]) -> None:
        self._news = {clause(text): text for text in news if clause(text)}
        self._longest_first = sorted(self._news, key=len, reverse=True)
        self._said = {each: _as_said(each) for each in self._longest_first}

    def remembered(self, me: str, memory: Remembered, known: Collection[str]) -> list[str]:
        """Return of which news somebody has knowledge by a memory who had it of those `known` before.

        It is knowledge if it was observed, told, or put into one's head by an inner voice. A plan to go there, or what
        one concludes from other memories, says nothing that one did not know before.
        """
        match memory:
            case Remembered(kind="reflection", text=text, evidence=()):
                return self._after(text, f"{me} thinks that ")
            case Remembered(kind="observation", text=text):
                beginnings = ("", f"{me} knows that ", f"{me} heard that ")
                exact = next((found for each in beginnings if (found := self._after(text, each))), [])
                return exact or self._attended(text)
            case Remembered(kind="chat", text=text, about=about):
                return self._of_a_talk(me, text, about, known)
            case _:
                return []

    def is_told(self, me: str, memory: Remembered) -> bool:
        """Whether a memory is of being told something by the first of those whom it is about."""
        return bool(memory.about) and memory.text.startswith(f"{memory.about[0]} told {me} ")

    def decided(self, answer: str) -> list[str]:
        """Return the news about which it was decided whether to go there."""
        return self._exactly(answer.partition(": ")[2])

    def said(self, line: str) -> list[Utterance]:
        """Return where a line says some news: as a whole sentence, or after "that", and to the end of a sentence."""
        found: list[Utterance] = []
        folded = line.lower()
        for each in self._longest_first:
            if each.lower() not in folded:  # ten times as quick as the pattern
                continue
            for match in self._said[each].finditer(line):
                start, end = match.span()
                over = next((n for n, other in enumerate(found) if start < other.end and other.start < end), None)
                if over is None:
                    found.append(Utterance(start, end, (self._news[each],)))
                elif found[over].end == end:
                    found[over] = _or_else(found[over], self._news[each], start, is_exact=line[start:end] == each)
        return sorted(found, key=lambda utterance: utterance.start)

    def _exactly(self, text: str) -> list[str]:
        found = self._news.get(clause(text))
        return [] if found is None else [found]

    def _after(self, text: str, beginning: str) -> list[str]:
        return self._exactly(text.removeprefix(beginning)) if text.startswith(beginning) else []

    def _attended(self, text: str) -> list[str]:
        seen = any(each in text for each in ATTENDING)
        return self._between(text, self._longest_first, ATTENDING, (" in ",)) if seen else []

    def _of_a_talk(self, me: str, text: str, about: Sequence[str], known: Collection[str]) -> list[str]:
        if not about:  # a visitor, whose role can be anything
            ends = (each for each in self._longest_first if clause(text).endswith(f" told {me} that {each}"))
            return [self._news[each] for each in ends][:1]
        told = f"{about[0]} told {me} that "
        if text.startswith(told):
            return self._after(text, told) or self._attended(text.removeprefix(told))
        people, _, topics = text.partition(": ")
        # What was told in a talk has been remembered before, so what is known already is what a topic is.
        order = sorted(self._longest_first, key=lambda each: self._news[each] not in known)
        return self._between(topics, order, LISTED, LISTED) if TALKED in people else []

    def _between(self, text: str, order: Sequence[str], before: Sequence[str], after: Sequence[str]) -> list[str]:
        """Return the news in a text that stand between one of some beginnings and one of some ends.

        Where they overlap it is the first in the `order`. An empty beginning or end is that of the text.
        """
        found: list[str] = []
        taken: list[tuple[int, int]] = []
        for each in order:
            for start in _places(each, text):
                end = start + len(each)
                free = all(end <= begins or ends <= start for begins, ends in taken)
                rest = text[end:].lstrip(".!")
                stands = any(text[:start].endswith(b) if b else not start for b in before)
                if free and stands and any(rest.startswith(a) if a else not rest for a in after):
                    taken.append((start, end))
                    found.append(self._news[each])
        return list(dict.fromkeys(found))


def _as_said(news: str) -> re.Pattern[str]:
    """What a line looks like where it says some news; capitals do not count, for a sentence begins with one."""
    whole = "" if news.endswith("?") else r"(?=[.!?…]|[\"'”’)]*\s*$)"
    return re.compile(rf"(?:^|(?<=[.!?…]\s)|(?<=\bthat\s)){re.escape(news)}{whole}(?!\w)", re.IGNORECASE)


def _or_else(one: Utterance, news: str, start: int, *, is_exact: bool) -> Utterance:
    """Return an utterance that can be of other news too; of those of equal length exact capitals come first."""
    order = (news, *one.news) if is_exact and start == one.start else (*one.news, news)
    return replace(one, news=order)


def _places(part: str, text: str) -> Iterator[int]:
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)
