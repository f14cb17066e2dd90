"""Model specifications: what is allowed, and what one reads when it is not."""

from __future__ import annotations

import pytest

from engine.errors import BadInput
from engine.llm.latency import Prompt, Virtual
from engine.llm.requests import Failure, FailureKind
from engine.llm.scripted import ScriptedBackend
from engine.llm.spec import ModelSpec


@pytest.mark.parametrize(
    "text",
    [
        "embedded",
        "embedded:/models/small.gguf",
        "embedded:C:/with/colon",
        "embedded?precision=fp32",
        "embedded:/models/folder?precision=4bit&device=cuda&ram=64GiB&gpu=16GiB",
        "embedded:/models/folder?precision=fp16",
        "embedded:/models/why?/small.gguf",
        "embedded:/models/folder?ram=2GiB",
        "embedded:/models/folder?precision=4bit&ram=512MiB",
        "embedded?kv=256MiB&kv_disk=0KiB",
        "scripted",
        "scripted:latency=lognormal",
        "scripted:latency=fixed:0.5",
        "scripted:latency=sleep:0",
    ],
)
def test_a_specification_is_printed_as_it_was_written(text: str) -> None:
    assert str(ModelSpec.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("embeded", "--model: unknown model 'embeded' (did you mean 'embedded'?)"),
        (
            "Scripted:latency=lognormal",
            "--model: unknown model 'Scripted:latency=lognormal' (did you mean",
        ),
        ("", "--model: unknown model '' (allowed: "),
        ("embedded?precision=fp31", "--model: unknown setting '?precision=fp31' of the embedded model (allowed: ?prec"),
        ("embedded:/a?speed=2", "--model: unknown setting '?speed=2' of the embedded model"),
        ("embedded?device=gpu", "--model: unknown setting '?device=gpu' of the embedded model (allowed: ?precision="),
        ("embedded?gpu=16GiB", "--model: 'gpu' says how much of a GPU may be used: it goes with 'device=cuda'"),
        ("embedded:/a?ram=2", "--model: unknown setting '?ram=2' of the embedded model (allowed: ?precision=fp16, "),
        ("embedded?ram=2GiB&ram=3GiB", "--model: unknown setting '?ram=3GiB' of the embedded model"),
        ("embedded?ram=2GiB&kv=1GiB", "--model: 'ram' and 'kv' do not go together"),
        ("embeddings?precision=fp32", "--model: unknown model 'embeddings?precision=fp32' (allowed: embedded"),
        ("scripted:fast", "--model: unknown setting 'fast' of the scripted model (allowed: latency=lognormal, "),
        ("scripted:latency=fixed", "--model: unknown setting 'latency=fixed' of the scripted model"),
        ("scripted:latency=fixed:-1", "--model: unknown setting 'latency=fixed:-1'"),
        ("scripted:latency=sleep:nan", "--model: unknown setting 'latency=sleep:nan'"),
        ("scripted:latency=sleep:" + "9" * 400, "--model: unknown setting 'latency=sleep:9999"),
    ],
)
def test_what_is_no_specification_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        ModelSpec.parse(text)
    assert str(caught.value).startswith(sentence)


def test_a_specification_opens_the_model_and_its_courier() -> None:
    assert isinstance(ModelSpec.parse("scripted").open({}), ScriptedBackend)
    assert isinstance(ModelSpec.parse("scripted").courier(1), Prompt)
    assert isinstance(ModelSpec.parse("embedded").courier(1), Prompt)
    assert isinstance(ModelSpec.parse("scripted:latency=lognormal").courier(1), Virtual)


def test_a_fixed_latency_is_the_one_given() -> None:
    courier = ModelSpec.parse("scripted:latency=fixed:2.5").courier(1)
    assert isinstance(courier, Virtual)
    courier.send(0, bytes(16), Failure(FailureKind.MISFIT))
    courier.arrivals()
    assert courier.clock == 2.5
