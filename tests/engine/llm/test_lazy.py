"""A model that is loaded late answers as if it had been there, and must be the very one that was recorded."""

from __future__ import annotations

import pytest

from engine.errors import BadInput, RunFailed, Unrecorded
from engine.llm.lazy import LazyBackend, RecordedBackend
from engine.llm.requests import Backend, Embed, Vectors
from engine.llm.scripted import ScriptedBackend
from engine.llm.service import ModelService

REQUEST = Embed("topic", ("hello",))


def test_a_model_is_loaded_once_and_only_when_it_is_asked() -> None:
    loaded: list[Backend] = []

    def load() -> Backend:
        loaded.append(ScriptedBackend({}))
        return loaded[-1]

    lazy = LazyBackend(ScriptedBackend({}).identity, load)
    assert loaded == []
    assert all(isinstance(lazy.answer([REQUEST])[0].reply, Vectors) for _ in range(2))
    assert len(loaded) == 1


@pytest.mark.parametrize("gather", [True, False])
def test_another_model_ends_the_run(gather: bool) -> None:
    lazy = LazyBackend("the one before", lambda: ScriptedBackend({}))
    service = ModelService(lazy, gather=gather)
    with pytest.raises(BadInput, match="the recorded replies are of the one before"):
        service.submit(REQUEST)
        service.collect()


def test_what_is_not_recorded_names_thought_agent_and_time() -> None:
    service = ModelService(RecordedBackend("the one before"))
    service.submit(Embed("talk", ("later",)), agent=0, time=9)
    service.submit(REQUEST, agent=3, time=5)
    with pytest.raises(Unrecorded) as caught:
        service.collect()
    assert (caught.value.thought, caught.value.agent, caught.value.time) == ("topic", 3, 5)


@pytest.mark.parametrize(
    "error", [BadInput("a.yaml", "is wrong", "line 3"), Unrecorded("talk", 2, 9), RunFailed("no more room")]
)
def test_errors_survive_being_copied_from_their_arguments(error: Exception) -> None:
    copy = type(error)(*error.args)
    assert str(copy) == str(error)
