"""The server as the official client meets it, with a tiny model of random weights."""

from __future__ import annotations

import asyncio
import base64
import json
import math
import re
import struct
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import openai
import pytest

from engine.llm.batching import Sizes
from engine.llm.embedded import EmbeddedBackend
from engine.llm.llama import Llama
from engine.llm.requests import Answer, Choice, Choose, Embed, Vectors
from engine.llm.serving.jobs import PORTION, Reading
from tests.engine.llm import families, tiny, tokenizers
from tests.engine.llm.serving.serving import served

NO_SCHEMA: dict[str, Any] = {"type": "json_schema", "json_schema": {"schema": {"type": "no"}}}
LONG: dict[str, Any] = {"structured_outputs": {"regex": "[a-z]{80}"}, "max_tokens": 90}
SHORT: dict[str, Any] = {"structured_outputs": {"regex": "[a-z]{3}"}, "max_tokens": 9}
USER = [{"role": "user", "content": "hi"}]


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedBackend:
    return EmbeddedBackend.load(tiny.write(tmp_path_factory.mktemp("tiny") / "tiny.gguf"))


@pytest.fixture(scope="module")
def url(backend: EmbeddedBackend) -> Iterator[str]:
    with served(backend) as url:
        yield url


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=url, api_key="none", max_retries=0) as client:
        yield client


@cache
def web() -> httpx.Client:
    """A plain client; each new one takes a while to make up its mind about certificates."""
    return httpx.Client(verify=False, timeout=60, limits=httpx.Limits(max_keepalive_connections=0))


def talk(client: openai.OpenAI, **options: Any) -> Any:
    return client.chat.completions.create(**{"model": "tiny", "messages": USER, "max_tokens": 12, **options})


def go_on(client: openai.OpenAI, prompt: str | list[str] = "the", **options: Any) -> Any:
    return client.completions.create(**{"model": "tiny", "prompt": prompt, "max_tokens": 12, **options})


def post(url: str, body: bytes | dict[str, Any], path: str = "/completions", **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return web().post(url + path, content=content, headers={"Content-Type": "application/json", **headers})


def test_models(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["tiny", "all-MiniLM-L6-v2"]
    assert client.models.retrieve("tiny").owned_by == "thorp"
    with pytest.raises(openai.NotFoundError, match="there is 'tiny'"):
        client.models.retrieve("huge")


def test_a_chat(client: openai.OpenAI) -> None:
    answer = talk(client, seed=3)
    (choice,) = answer.choices
    assert choice.message.role == "assistant"
    assert choice.message.content
    assert choice.finish_reason in ("stop", "length")
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert 0 < answer.usage.completion_tokens <= 12
    assert answer.system_fingerprint.startswith("fp_")
    parts = [{"role": "user", "content": [{"type": "text", "text": "h"}, {"type": "text", "text": "i"}]}]
    assert talk(client, seed=3, messages=parts).choices[0].message.content == choice.message.content


def test_what_people_say_is_text_whatever_it_looks_like(client: openai.OpenAI) -> None:
    plain = talk(client, messages=[{"role": "user", "content": "a"}]).usage.prompt_tokens
    marks = talk(client, messages=[{"role": "user", "content": "a<|im_end|>"}]).usage.prompt_tokens
    assert marks == plain + len("<|im_end|>")


def test_a_seed_repeats_and_matters_and_no_seed_is_another_one_each_time(client: openai.OpenAI) -> None:
    def text(**options: Any) -> str:
        return str(talk(client, **options).choices[0].message.content)

    assert text(seed=1) == text(seed=1)
    assert len({text(seed=seed) for seed in range(4)}) == 4
    assert len({text() for _ in range(4)}) == 4
    assert text(temperature=0) == text(temperature=0, seed=7)


def test_samples_are_numbered_and_differ(client: openai.OpenAI) -> None:
    answer = go_on(client, ["the", "x"], n=3, seed=1)
    assert [choice.index for choice in answer.choices] == list(range(6))
    assert len({choice.text for choice in answer.choices}) == 6
    assert answer.choices[0].text == go_on(client, seed=1).choices[0].text, "more samples change none"
    assert answer.choices[3].text == go_on(client, "x", seed=1).choices[0].text


def test_a_text_is_the_same_whatever_else_is_under_way(url: str, client: openai.OpenAI) -> None:
    wishes: list[dict[str, Any]] = [
        {
            "prompt": "the " * (i % 5) + "x",
            "seed": i,
            "max_tokens": 3 + 3 * i,
            "n": 1 + i % 3,
            "temperature": 0.3 * (i % 4),
        }
        for i in range(10)
    ]
    alone = [[choice.text for choice in go_on(client, **wish).choices] for wish in wishes]

    async def together() -> list[list[str]]:
        async with openai.AsyncOpenAI(base_url=url, api_key="none") as many:

            async def one(wish: dict[str, Any], pause: float) -> list[str]:
                await asyncio.sleep(pause)
                answer = await many.completions.create(model="tiny", **wish)
                return [choice.text for choice in answer.choices]

            return await asyncio.gather(*(one(wish, 0.003 * (i * 7 % 10)) for i, wish in enumerate(wishes)))

    for _ in range(3):
        assert asyncio.run(together()) == alone


@pytest.mark.parametrize("stop", [None, ["e", "\u00e9", "th"]])
def test_a_stream_is_the_answer_in_pieces(client: openai.OpenAI, stop: list[str] | None) -> None:
    for seed in range(4):
        options = {"seed": seed, "n": 2, "max_tokens": 20, "logprobs": True, "top_logprobs": 2, "stop": stop}
        whole = talk(client, **options)
        chunks = list(talk(client, **options, stream=True, stream_options={"include_usage": True}))
        assert [chunk.choices[0].delta.role for chunk in chunks[:2]] == ["assistant", "assistant"]
        assert chunks[-1].choices == []
        assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens
        for choice in whole.choices:
            mine = [c.choices[0] for c in chunks if c.choices and c.choices[0].index == choice.index]
            assert "".join(piece.delta.content or "" for piece in mine) == choice.message.content
            assert [piece.finish_reason for piece in mine if piece.finish_reason] == [choice.finish_reason]
            tokens = [token for piece in mine if piece.logprobs for token in piece.logprobs.content]
            assert tokens == choice.logprobs.content


def test_a_text_ends_before_a_stop_string(client: openai.OpenAI) -> None:
    options: dict[str, Any] = {
        "seed": 5,
        "max_tokens": 30,
        "logprobs": 1,
        "extra_body": {"structured_outputs": {"regex": "[a-z]{40}"}},
    }
    free = go_on(client, **options)
    text = free.choices[0].text
    stop = text[6:8]
    cut = go_on(client, stop=[stop], **options)
    assert cut.choices[0].text == text[: text.index(stop)]
    assert cut.choices[0].finish_reason == "stop"
    assert "".join(cut.choices[0].logprobs.tokens).startswith(cut.choices[0].text)
    assert free.choices[0].finish_reason == "length"


def test_log_probabilities(client: openai.OpenAI) -> None:
    answer = talk(client, temperature=0, max_tokens=6, logprobs=True, top_logprobs=20)
    for token in answer.choices[0].logprobs.content:
        assert token.token == token.top_logprobs[0].token, "greedy takes the likeliest"
        assert token.logprob == token.top_logprobs[0].logprob
        logs = [other.logprob for other in token.top_logprobs]
        assert logs == sorted(logs, reverse=True)
        assert len(logs) == 20
        assert 0 < sum(map(math.exp, logs)) <= 1 + 1e-6
        assert bytes(token.bytes).decode("utf-8", "replace") == token.token


def test_reading_gives_the_likelihoods_that_the_engine_chooses_by(
    client: openai.OpenAI, backend: EmbeddedBackend
) -> None:
    context, options = "the x ", ("the y", "a", "zz the")
    answer = go_on(client, [context + option for option in options], max_tokens=1, echo=True, logprobs=0)
    means = []
    for choice in answer.choices:
        found = choice.logprobs
        assert choice.text.startswith(context)
        assert found.token_logprobs[0] is None
        own = [
            log
            for log, place in zip(found.token_logprobs[:-1], found.text_offset, strict=False)
            if place >= len(context)
        ]
        means.append(sum(own) / len(own))
    (expected,) = (a.reply for a in backend.answer([Choose("c", (context,), options)]))
    assert isinstance(expected, Choice)
    assert means == pytest.approx(expected.scores, abs=2e-3)
    only = go_on(client, "the x", max_tokens=0, echo=True, logprobs=1)
    assert only.choices[0].text == "the x"
    assert len(only.choices[0].logprobs.tokens) == only.usage.prompt_tokens


def test_a_prompt_is_read_as_transformers_reads_it(tmp_path: Path) -> None:
    """With what the model wants before a text, `<s>` and SentencePiece's space."""
    import torch
    import transformers

    model = families.make("llama", vocab_size=512, bos_token_id=None, eos_token_id=None)
    folder = tokenizers.make("prepend", families.save(model, tmp_path / "small"))
    ids = transformers.AutoTokenizer.from_pretrained(str(folder))("Klaus walks").input_ids
    logs = model(torch.tensor([ids])).logits[0].log_softmax(-1)
    backend = EmbeddedBackend.load(folder)
    with served(backend, "small") as url, openai.OpenAI(base_url=url, api_key="none", max_retries=0) as client:
        options: dict[str, Any] = {"model": "small", "prompt": "Klaus walks", "temperature": 0}
        answer = client.completions.create(**options, max_tokens=1, echo=True, logprobs=1)
        talked = client.chat.completions.create(model="small", messages=[{"role": "user", "content": "hi"}])
    assert answer.usage is not None and answer.usage.prompt_tokens == len(ids)
    found = answer.choices[0].logprobs
    assert found is not None and found.token_logprobs is not None and found.text_offset is not None
    expected = [float(logs[i, token]) for i, token in enumerate(ids[1:])]
    assert found.token_logprobs[0] is None
    assert found.token_logprobs[1:] == pytest.approx([*expected, float(logs[-1].max())], abs=0.02)
    assert found.text_offset[:2] == [0, 0]
    assert found.text_offset[-1] == len("Klaus walks")
    for place, token in list(zip(found.text_offset, found.tokens or (), strict=True))[2:]:
        assert answer.choices[0].text[place:].startswith(token)
    whole = backend.contexts.tokenizer.encode_first("user: hi\nassistant:")
    assert talked.usage is not None and talked.usage.prompt_tokens == len(whole)


def test_texts_of_a_form(client: openai.OpenAI) -> None:
    for seed in range(5):
        form = {"type": "regex", "pattern": r"[0-2]\d:[0-5]\d"}
        assert re.fullmatch(
            form["pattern"], go_on(client, seed=seed, extra_body={"response_format": form}).choices[0].text
        )
        body = {"structured_outputs": {"regex": "(yes|no), [a-z]{3}"}}
        assert re.fullmatch("(yes|no), [a-z]{3}", go_on(client, seed=seed, extra_body=body).choices[0].text)
        schema = {
            "type": "object",
            "properties": {"mood": {"enum": ["good", "bad"]}, "score": {"type": "integer", "minimum": 0, "maximum": 9}},
            "required": ["mood", "score"],
            "additionalProperties": False,
        }
        wrapped = {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": schema}}
        answer = talk(client, seed=seed, response_format=wrapped, max_tokens=50)
        found = json.loads(answer.choices[0].message.content)
        assert found["mood"] in ("good", "bad")
        assert 0 <= found["score"] <= 9
        assert answer.choices[0].finish_reason == "stop"


@pytest.mark.parametrize(
    ("options", "parameter", "words"),
    [
        ({"temperature": 3}, "temperature", "less than or equal to 2"),
        ({"max_tokens": 0}, "max_tokens", "at least 1"),
        ({"n": 129}, "n", "less than or equal to 128"),
        ({"max_tokens": 90}, "messages", "maximum context length is 96 tokens"),
        ({"stop": ""}, "stop", "valid list"),
        ({"logprobs": 21}, "logprobs", "less than or equal to 20"),
        ({"best_of": 2}, "best_of", "not supported"),
        ({"suffix": "x"}, "suffix", "not supported"),
        ({"presence_penalty": 0.5}, "presence_penalty", "not supported"),
        ({"extra_body": {"response_format": {"type": "regex", "pattern": "(a"}}}, "response_format", "be enforced"),
        ({"extra_body": {"response_format": {"type": "grammar"}}}, "response_format", "are understood"),
        ({"extra_body": {"response_format": NO_SCHEMA}}, "response_format", "schema"),
        ({"extra_body": {"seed": "a"}}, "seed", "valid integer"),
        ({"extra_body": {"prompt": [[1, 2]]}}, "prompt", "valid string"),
        ({"extra_body": {"prompt": []}}, "prompt", "at least 1 item"),
        ({"echo": True, "stream": True}, "echo", "do not go together"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named(client: openai.OpenAI, options: dict[str, Any], parameter: str, words: str) -> None:
    prompt = "the " * 5 + "x" if parameter == "messages" else "the"
    with pytest.raises(openai.BadRequestError) as caught:
        go_on(client, prompt, **options)
    assert caught.value.param == parameter
    assert words in caught.value.message
    assert caught.value.type == "invalid_request_error"


NEEDS_ITSELF = {"properties": {"a": {"enum": ["b"]}, "c": {"$ref": "#"}}, "required": ["a", "c"]}


@pytest.mark.parametrize(
    "form",
    [
        {"type": "regex", "pattern": r"[^\s\S]"},
        {"type": "regex", "pattern": r"ab[^\s\S]"},
        {"type": "json_schema", "json_schema": {"schema": {"$ref": "#"}}},
        {"type": "json_schema", "json_schema": {"schema": {"type": "object", **NEEDS_ITSELF}}},
        {"type": "json_schema", "json_schema": {"schema": {"allOf": [{"type": "string"}, {"type": "integer"}]}}},
    ],
)
def test_a_form_that_no_text_has_is_refused(client: openai.OpenAI, form: dict[str, Any]) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        go_on(client, n=2, max_tokens=60, extra_body={"response_format": form})
    assert caught.value.param == "response_format"
    assert "the pattern" in caught.value.message or "the schema" in caught.value.message


def test_a_stream_whose_form_cannot_be_satisfied_ends_with_that(client: openai.OpenAI) -> None:
    form = {"type": "regex", "pattern": r"[^\s\S]"}
    stream = go_on(client, stream=True, extra_body={"response_format": form})
    with pytest.raises(openai.APIError, match="the pattern cannot be satisfied: there is no text"):
        next(iter(stream))


@pytest.mark.parametrize(("text", "marks"), [("\\ud800", "?"), ("\\udfff\\ud800 x", "?? x")])
def test_what_is_no_character_is_read_as_a_question_mark(url: str, text: str, marks: str) -> None:
    def told(body: str, status: int) -> Any:
        answer = one.post(f"{url}/completions", content=body.encode(), headers={"Content-Type": "application/json"})
        assert answer.status_code == status
        return answer.json()

    with httpx.Client(verify=False, timeout=60) as one:  # on one connection
        call = '{"model": "tiny", "prompt": "%s", "max_tokens": 0, "echo": true, "logprobs": 0'
        assert told(call % text + "}", 200)["choices"][0]["text"] == marks
        assert told(call % "a" + f', "{text}": 1}}', 200)
        assert marks in told(f'{{"model": "{text}", "prompt": "a"}}', 404)["error"]["message"]
        assert told(call % "a" + f', "response_format": {{"type": "{text}"}}}}', 200)
        assert told(call.replace(" 0,", " 1,") % "a" + f', "response_format": {{"type": "{text}"}}}}', 400)


def test_chat_errors(client: openai.OpenAI) -> None:
    tools: Any = [{"type": "function", "function": {"name": "f", "parameters": {}}}]
    for options, parameter in (
        ({"tools": tools}, "tools"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]}, "messages"),
        ({"top_logprobs": 3}, "top_logprobs"),
        ({"max_tokens": 900}, "messages"),
    ):
        with pytest.raises(openai.BadRequestError) as caught:
            talk(client, **options)
        assert caught.value.param == parameter
    with pytest.raises(openai.NotFoundError) as missing:
        talk(client, model="gpt-9")
    assert missing.value.code == "model_not_found"


def test_what_is_no_call(url: str) -> None:
    for body in (b"", b"{", b"[]", b"null", b"[" * 100_000, b'{"model": "tiny"}', b"\xff"):
        answer = post(url, body)
        assert answer.status_code == 400
        assert answer.json()["error"]["message"]
    assert post(url, b"x" * (1 << 20) + b"x").status_code == 413
    assert web().post(f"{url}/completions", content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    assert post(url, {}, Host="attacker.example").status_code == 421
    assert web().get(f"{url}/models", headers={"Host": "attacker.example:80"}).status_code == 421
    for path in ("/files", "/../etc/passwd", "/models/a/b"):
        assert web().get(url + path).status_code == 404
        assert "error" in web().get(url + path).json()
    assert web().get(f"{url}/completions").status_code == 404
    assert web().delete(f"{url}/completions").status_code == 405


def test_health_and_an_unhurried_client(url: str) -> None:
    host = httpx.URL(url)
    assert web().get(host.copy_with(path="/health")).json()["status"] == "ok"
    assert web().get(host.copy_with(path="/health"), headers={"Host": "localhost"}).status_code == 200


def test_meanings_are_those_of_the_engine(
    client: openai.OpenAI, url: str, embedded_meanings: np.ndarray[Any, Any]
) -> None:
    texts = ["a park", "an invoice"]
    answer = client.embeddings.create(model="all-MiniLM-L6-v2", input=texts)
    assert np.allclose([entry.embedding for entry in answer.data], embedded_meanings, atol=0)
    raw = post(url, {"model": "all-MiniLM-L6-v2", "input": texts, "encoding_format": "base64"}, "/embeddings").json()
    data = base64.b64decode(raw["data"][1]["embedding"])
    assert struct.unpack("<384f", data) == tuple(embedded_meanings[1].tolist())
    assert raw["usage"]["total_tokens"] == 4 + 6, "with the marks at both ends"
    with pytest.raises(openai.BadRequestError):
        client.embeddings.create(model="all-MiniLM-L6-v2", input="a", dimensions=100)
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="tiny", input="a")


def test_a_text_that_the_encoder_would_not_read_to_its_end_is_refused(client: openai.OpenAI) -> None:
    with pytest.raises(
        openai.BadRequestError, match="text 2 has 257 tokens, and the encoder reads no more than 256"
    ) as c:
        client.embeddings.create(model="all-MiniLM-L6-v2", input=["a park", "tree " * 255])
    assert (c.value.param, c.value.code) == ("input", "context_length_exceeded")
    assert client.embeddings.create(model="all-MiniLM-L6-v2", input="tree " * 254).usage.total_tokens == 256


@pytest.fixture
def embedded_meanings(backend: EmbeddedBackend) -> np.ndarray[Any, Any]:
    (reply,) = (a.reply for a in backend.answer([Embed("e", ("a park", "an invoice"))]))
    assert isinstance(reply, Vectors)
    return reply.array


def slow_down(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Make each step of the model take a while."""
    plain = Llama.log_probabilities

    def slowly(self: Llama, hidden: Any) -> Any:
        time.sleep(seconds)
        return plain(self, hidden)

    monkeypatch.setattr(Llama, "log_probabilities", slowly)


def test_a_short_wish_does_not_wait_for_a_long_one(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    slow_down(monkeypatch, 0.02)
    done: list[str] = []

    def ask(name: str, body: dict[str, Any]) -> None:
        post(url, {"model": "tiny", "prompt": "x", **body})
        done.append(name)

    long = threading.Thread(target=ask, args=("long", LONG))
    long.start()
    time.sleep(0.3)
    ask("short", {"max_tokens": 2})
    long.join()
    assert done == ["short", "long"]


@pytest.fixture
def crowded(backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a server that writes one text at a time, and slowly."""
    slow_down(monkeypatch, 0.02)
    monkeypatch.setattr(backend.batching, "_sizes", Sizes(room=1))
    with served(backend) as url:
        yield url


def waiting(url: str) -> int:
    return int(web().get(url.removesuffix("/v1") + "/health").json()["waiting"])


def test_a_call_of_one_text_does_not_wait_for_all_of_a_call_of_many(crowded: str) -> None:
    done: list[str] = []

    def ask(name: str, prompt: str | list[str]) -> None:
        assert post(crowded, {"model": "tiny", "prompt": prompt, **SHORT}).status_code == 200
        done.append(name)

    calls = [threading.Thread(target=ask, args=("many", [f"the {i}" for i in range(20)]))]
    calls[0].start()
    while waiting(crowded) < 10:
        time.sleep(0.01)
    for name in ("first", "second", "third"):
        left = waiting(crowded)
        ask(name, "x")
        assert left - waiting(crowded) <= 4, "it has waited for few others"
    calls[0].join()
    assert done == ["first", "second", "third", "many"], "and nobody starves"


def test_texts_go_on_while_somebody_asks_for_one_meaning_after_the_other(
    crowded: str, backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    (alone,) = (a.reply for a in backend.answer([Embed("e", ("number 9",))]))  # the encoder takes a while to load
    backend.forget()
    rounds: list[list[str]] = []
    put, advance = backend.put, backend.batching.advance

    def watched_put(request: Embed) -> int:
        rounds.append(["meanings"] * len(request.texts))
        return put(request)

    def watched_advance() -> list[tuple[int, Answer]]:
        rounds.append(["texts"])
        return advance()

    monkeypatch.setattr(backend, "put", watched_put)
    monkeypatch.setattr(backend.batching, "advance", watched_advance)
    texts = [f"number {i}" for i in range(3 * PORTION + 5)]
    text = threading.Thread(target=post, args=(crowded, {"model": "tiny", "prompt": "x", **LONG}))
    text.start()
    while not rounds:
        time.sleep(0.01)
    answer = post(crowded, {"model": "all-MiniLM-L6-v2", "input": texts}, "/embeddings").json()
    text.join()
    assert [entry["index"] for entry in answer["data"]] == list(range(len(texts)))
    names = [entry[0] for entry in rounds]
    assert [len(entry) for entry in rounds if entry[0] == "meanings"] == [PORTION] * 3 + [5]
    first, last = names.index("meanings"), len(names) - 1 - names[::-1].index("meanings")
    assert names[first : last + 1] == ["meanings", "texts"] * 3 + ["meanings"], "in turns"
    assert isinstance(alone, Vectors)
    assert answer["data"][9]["embedding"] == alone.array[0].tolist()


def test_a_client_that_goes_is_not_worked_for(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    slow_down(monkeypatch, 0.05)

    def under_way() -> int:
        return int(web().get(url.removesuffix("/v1") + "/health").json()["under_way"])

    call = {"model": "tiny", "prompt": "x", **LONG}
    with pytest.raises(httpx.ReadTimeout):
        web().post(f"{url}/completions", json=call, timeout=0.3)
    with web().stream("POST", f"{url}/completions", json={**call, "stream": True}) as response:
        lines = response.iter_lines()
        next(lines)
        assert under_way() >= 1
    deadline = time.monotonic() + 3
    while under_way() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert under_way() == 0, "ninety steps would have taken longer than that"


def test_who_finds_too_much_waiting_is_asked_to_come_again(
    backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(backend, most_waiting=2) as url:
        answer = post(url, {"model": "tiny", "prompt": ["a", "b", "c"], "max_tokens": 1})
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "1"
        assert answer.json()["error"]["code"] == "rate_limit_exceeded"
        slow_down(monkeypatch, 0.01)
        with openai.OpenAI(base_url=url, api_key="none", max_retries=20) as client:
            found: list[Any] = []
            ask = [threading.Thread(target=lambda: found.append(go_on(client, max_tokens=3))) for _ in range(8)]
            for each in ask:
                each.start()
            for each in ask:
                each.join()
        assert len(found) == 8, "everybody's turn comes"


def test_a_model_that_gives_no_numbers_says_so_and_the_server_goes_on(tmp_path: Any) -> None:
    tensors = tiny.weights()
    tensors["output_norm.weight"][:] = 3e38  # these are numbers, but what comes of them is not
    broken = EmbeddedBackend.load(tiny.write(tmp_path / "huge.gguf", tensors=tensors))
    with served(broken) as url, openai.OpenAI(base_url=url, api_key="none", max_retries=0) as client:
        for _ in range(2):
            for limit, echo in ((12, False), (12, True), (0, True)):
                with pytest.raises(openai.InternalServerError, match="not finite"):
                    go_on(client, "the x", max_tokens=limit, echo=echo, logprobs=1)
        assert client.models.list()


def test_a_bug_in_the_model_fails_those_under_way_and_the_server_goes_on(
    client: openai.OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(Llama, "log_probabilities", broken)
        with pytest.raises(openai.InternalServerError, match="a bug"):
            go_on(client)
    assert go_on(client).choices


@pytest.mark.parametrize("path", ["/completions", "/chat/completions"])
def test_a_bug_in_a_call_is_said_in_openais_words(
    url: str, monkeypatch: pytest.MonkeyPatch, backend: EmbeddedBackend, path: str
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("the tokenizer failed \ud800")

    monkeypatch.setattr(type(backend.contexts.tokenizer), "encode", broken)
    answer = post(url, {"model": "tiny", "prompt": "x", "messages": USER}, path)
    assert answer.status_code == 500
    error = answer.json()["error"]
    assert (error["type"], error["message"]) == ("server_error", "RuntimeError: the tokenizer failed \\ud800")


def test_a_bug_in_one_job_fails_that_one_alone(
    url: str, client: openai.OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("a bug")

    slow_down(monkeypatch, 0.01)
    expected = go_on(client, seed=1).choices[0].text
    monkeypatch.setattr(Reading, "job", broken)
    found: list[Any] = []
    with openai.OpenAI(base_url=url, api_key="none") as other:
        writing = [threading.Thread(target=lambda: found.append(go_on(other, seed=1))) for _ in range(4)]
        for each in writing:
            each.start()
        with pytest.raises(openai.InternalServerError, match="a bug"):
            go_on(client, echo=True, logprobs=1)
        for each in writing:
            each.join()
    assert [answer.choices[0].text for answer in found] == [expected] * 4


def test_what_texts_have_in_common_is_read_once(client: openai.OpenAI) -> None:
    prompts = [f"unheard of, and long enough {letter}" for letter in "abcdef"]
    usage = go_on(client, prompts, max_tokens=0, echo=True, logprobs=0).usage
    assert usage.prompt_tokens > 5 * (usage.prompt_tokens - usage.prompt_tokens_details.cached_tokens)


def test_what_is_kept_of_prompts_stays_within_its_limit_while_work_goes_on(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = EmbeddedBackend.load(tiny.write(tmp_path / "tiny.gguf"), kv_bytes=100_000)
    slow_down(monkeypatch, 0.01)
    with served(small) as url, openai.OpenAI(base_url=url, api_key="none", max_retries=0) as client:
        long = threading.Thread(target=lambda: post(url, {"model": "tiny", "prompt": "x", **LONG}))
        long.start()
        for number in range(12):
            go_on(client, f"{number} is the number of this very long prompt of many tokens", max_tokens=1)
            assert small.contexts.prefixes.bytes <= 100_000
        assert web().get(url.removesuffix("/v1") + "/health").json()["under_way"] == 1
        long.join()
    assert small.contexts.prefixes.bytes > 50_000
