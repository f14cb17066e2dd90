"""A model that talks nonsense is asked once more; plain lines take the place of what it says, and all is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from agents.cognition.mind import PASTIMES
from agents.cognition.script import LINES
from engine.llm.requests import Answer, Request, Sample, Texts, Write
from engine.llm.scripted import ScriptedBackend
from engine.record.events import Failed, Planned, Remembered, Said
from tests.towns import events_of, run_town
from thorp.town import TownRun

LOOP, STRANGER, COPY = "so so so so so so", "would rather live with Zebedee and with Methuselah", "copies"


class Raving:
    """A model that knows what texts mean and has nothing to say."""

    def __init__(self, text: str) -> None:
        self._able = ScriptedBackend(LINES)
        self.identity = f"raving: {text}"
        self._text = text

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        answers = self._able.answer(requests)
        return [self._rave(r) if isinstance(r, Write) else a for r, a in zip(requests, answers, strict=True)]

    def _rave(self, request: Write) -> Answer:
        text = copied(request) if self._text == COPY else self._text
        return Answer(Texts((Sample(f" {text}.", 0.0, 6), Sample(f" {text}!", -1.0, 6))))


def copied(request: Write) -> str:
    """Return words from the middle of the last example in a prompt, without names."""
    example = request.context[0].strip().splitlines()[-1]
    return " ".join(word for word in example.rstrip(".?!").split()[3:] if word.islower())


@pytest.fixture(scope="module", params=[LOOP, STRANGER, COPY])
def raving(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[TownRun, str]:
    changes = {"end": "+8h", "minds.reflection_threshold": 60}
    return run_town(tmp_path_factory.mktemp("raving"), changes=changes, backend=Raving(request.param)), request.param


def test_none_of_it_is_said_planned_or_concluded(raving: tuple[TownRun, str]) -> None:
    run, text = raving
    events = events_of(run)
    said = [e.body.text for e in events if isinstance(e.body, Said)]
    planned = [entry.activity for e in events if isinstance(e.body, Planned) for entry in e.body.entries]
    concluded = [e.body.text for e in events if isinstance(e.body, Remembered) and e.body.kind == "reflection"]
    for texts in (said, planned, concluded):
        assert texts
        assert not any(text in each for each in texts)
    assert set(planned) & set(PASTIMES)
    assert all("keeps thinking of" in each or "has a lot to think about" in each for each in concluded)
    assert not run.failures.get("mind")


def test_it_is_counted_once_for_each_time_that_it_was_asked(raving: tuple[TownRun, str]) -> None:
    run, _ = raving
    found = Counter((e.body.thought, e.body.kind) for e in events_of(run) if isinstance(e.body, Failed))
    assert {thought for thought, _ in found} >= {"sketch", "greeting", "reply", "insight"}
    for (thought, kind), count in found.items():
        assert kind in ("resampled", "degenerate")
        assert found[thought, "degenerate"] == found[thought, "resampled"] == count
