"""The verdicts of a person, one line each, on disk as soon as given, so that one can stop and go on at any time."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import Field

from agents.believability.contests import Contest, Verdict
from agents.believability.rating import Outcome
from agents.believability.sheet import Label, Sheet
from engine.config import Settings, check
from engine.errors import BadInput
from engine.record.lock import lock
from engine.record.plain_file import require_plain
from engine.untrusted import parse_json, read_text

MAX_BYTES: Final = 64 * 1024 * 1024


class Heading(Settings):
    """The first line: to which answers the verdicts belong."""

    format: Literal["thorp verdicts 1"] = "thorp verdicts 1"
    answers: str
    """The digest of the sheet."""


class Ballot(Settings):
    """A line: which answer to an item was preferred, as the person saw the two."""

    item: int = Field(ge=0)
    first: Label
    second: Label
    preferred: Outcome


class Ballots:
    """The verdicts on one sheet in a file, of which this is the only writer until it is closed."""

    def __init__(self, path: Path, sheet: Sheet) -> None:
        """Read what verdicts there are.

        Raises `BadInput`, also when they are about other answers or somebody else is giving theirs, and `RunFailed`.
        """
        self._path = path
        self._sheet = sheet
        self._verdicts: dict[frozenset[tuple[int, str]], Verdict] = {}
        self._heading = f"{Heading(answers=sheet.digest).model_dump_json()}\n"
        self._whole = 0
        """So many bytes are whole lines; a line that was cut off by a crash is written over."""
        try:
            self._file = path.open("a+b", buffering=0)
        except OSError as error:
            raise self._refused(error) from error
        try:
            require_plain(self._file.fileno())
            lock(self._file, path)
            self._read()
        except OSError as error:
            self.close()
            raise self._refused(error) from error
        except BaseException:
            self.close()
            raise

    def on(self, contest: Contest) -> Verdict | None:
        """Return the verdict on a contest, in whichever order the person saw it."""
        return self._verdicts.get(_both(contest))

    def add(self, contest: Contest, preferred: Outcome) -> Verdict:
        """Keep a verdict; it is on disk when this returns. Raises `BadInput` when it cannot be written."""
        lines = "" if self._whole else self._heading
        ballot = Ballot(item=contest.item, first=contest.first, second=contest.second, preferred=preferred)
        content = (lines + json.dumps(ballot.model_dump(mode="json")) + "\n").encode()
        try:
            self._file.truncate(self._whole)
            rest = memoryview(content)
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._refused(error) from error
        self._whole += len(content)
        verdict = self._verdicts[_both(contest)] = Verdict(contest, preferred)
        return verdict

    def close(self) -> None:
        """Let others write."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refused(self, error: OSError) -> BadInput:
        return BadInput(str(self._path), f"cannot be written: {error.strerror or error}")

    def _read(self) -> None:
        text = read_text(self._path, MAX_BYTES)
        whole = text[: text.rfind("\n") + 1]
        if not whole and not self._heading.startswith(text):
            raise BadInput(str(self._path), "holds something else than verdicts")
        self._whole = len(whole.encode())
        for number, line in enumerate(whole.split("\n")[:-1], start=1):
            place = f"{self._path}, line {number}"
            value = parse_json(line, place)
            if not isinstance(value, dict):
                raise BadInput(place, "must be an object")
            if number == 1:
                self._check_heading(value, place)
            else:
                self._take_in(check(Ballot, value, place), place)

    def _check_heading(self, value: dict[str, Any], place: str) -> None:
        if check(Heading, value, place).answers != self._sheet.digest:
            raise BadInput(str(self._path), "holds verdicts on other answers than these (name another file)")

    def _take_in(self, ballot: Ballot, place: str) -> None:
        contest = Contest(ballot.item, ballot.first, ballot.second)
        if ballot.item >= len(self._sheet.items):
            raise BadInput(place, f"there are {len(self._sheet.items)} items", "key item")
        answers = self._sheet.items[ballot.item].answers
        if ballot.first not in answers or ballot.second not in answers or ballot.first == ballot.second:
            raise BadInput(place, "does not name two conditions that answered this item")
        if self.on(contest):
            raise BadInput(place, "is a second verdict on the same two answers")
        self._verdicts[_both(contest)] = Verdict(contest, ballot.preferred)


def _both(contest: Contest) -> frozenset[tuple[int, str]]:
    return frozenset([(contest.item, contest.first), (contest.item, contest.second)])
