"""How requests become calls to a server, and what becomes of its answers."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable

import numpy as np
import pytest

from engine.errors import ModelUnavailable
from engine.llm.requests import (
    DIMENSIONS,
    Choice,
    Choose,
    Embed,
    Failure,
    FailureKind,
    Rate,
    Rating,
    Reply,
    Request,
    Shape,
    Texts,
    Usage,
    Vectors,
    Way,
    Write,
)
from tests.engine.llm.remote.fake import Fake, Json, error

LINE = Write("greet", ("Two neighbours meet.\n", "Ida sees Jonas.\n"), begin="Ida:", samples=3, max_tokens=20, seed=5)
TIME = Write("wake", ("Ida wakes up at",), shape=Shape.REGEX, pattern=r" \d\d:\d\d", max_tokens=8, stop=())
WHERE = Choose("place", ("Ida wants bread.",), (" bakery\n", " mill\n", " church\n"))
LIKELY = {"B": math.log(0.6), " A": math.log(0.2), "C.": math.log(0.1), "The": math.log(0.05)}


def ask(fake: Fake, request: Request, settings: str = "") -> Reply:
    with fake.backend(settings) as backend:
        return backend.answer([request])[0].reply


def texts(reply: Reply) -> list[str]:
    assert isinstance(reply, Texts), reply
    return [sample.text for sample in reply.samples]


def saying(*lines: str) -> Callable[[Json, int], str]:
    return lambda _, index: lines[index % len(lines)]


def test_a_text_is_asked_for_in_one_call_with_everything_that_matters() -> None:
    fake = Fake()
    with fake.backend() as backend:
        (answer,) = backend.answer([LINE])
    assert texts(answer.reply) == [f" It is a fine day number {i}." for i in range(3)]
    assert answer.usage == Usage(11, 7, 7)
    (call,) = fake.asked()
    assert call["model"] == "small"
    assert [message["role"] for message in call["messages"]] == ["system", "user"]
    assert call["messages"][1]["content"] == "Two neighbours meet.\nIda sees Jonas.\nIda:"
    expected = {"n": 3, "max_tokens": 20, "temperature": 0.8, "top_p": 0.95, "stop": ["\n"]}
    assert expected.items() <= call.items()
    assert 0 <= call["seed"] < 2**31


def test_samples_are_ranked_by_likelihood_and_duplicates_removed() -> None:
    reply = ask(Fake(saying("Hello there.", "Hello there.", "Good day.")), LINE)
    assert isinstance(reply, Texts)
    assert [(s.text, s.score) for s in reply.samples] == [(" Hello there.", -0.3), (" Good day.", -1.3)]


def test_greedy_is_asked_for_once() -> None:
    fake = Fake()
    assert len(texts(ask(fake, Write("w", ("a",), samples=4, temperature=0.0)))) == 1
    assert "n" not in fake.asked()[0]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Good morning, Jonas!", " Good morning, Jonas!"),
        ('"Good morning, Jonas!"', " Good morning, Jonas!"),
        ("Ida: Good morning!", " Good morning!"),
        ("\n\nGood morning!\nJonas: Hello.", " Good morning!"),
        (json.dumps({"text": "Good morning!"}), " Good morning!"),
        ("Good \ufffd morning", None),
        ("Good \x1b[2J morning", None),
        ("...", None),
        ("", None),
        ("x" * 5000, None),
    ],
)
def test_lines_are_taken_out_of_what_assistants_say(said: str, expected: str | None) -> None:
    reply = ask(Fake(saying(said)), LINE)
    if expected is None:
        assert reply == Failure(FailureKind.MISFIT, "none of 3 samples is a usable text of the shape 'line'")
    else:
        assert texts(reply) == [expected]


def test_a_lone_surrogate_in_an_answer_is_no_letter() -> None:
    assert isinstance(ask(Fake(saying("Hello \ud800 there")), LINE), Failure)


def test_banned_words_and_stops_hold_whatever_the_server_does() -> None:
    request = Write("w", ("a",), samples=3, stop=("!", "\n"), banned=("olga",), begin="x ")
    reply = ask(Fake(saying("Hello! Olga", "I met Olga", "Bye.")), request)
    assert set(texts(reply)) == {"Hello", "Bye."}


def test_a_pattern_is_asked_for_as_a_schema_and_checked_here() -> None:
    fake = Fake(saying(json.dumps({"text": " 06:45"})))
    assert texts(ask(fake, TIME)) == [" 06:45"]
    (call,) = fake.asked()
    schema = call["response_format"]["json_schema"]
    assert schema["strict"] is True
    assert schema["schema"]["properties"]["text"]["pattern"] == TIME.pattern
    assert "stop" not in call, "it could end the JSON early"
    assert texts(ask(Fake(saying("06:45")), TIME)) == [" 06:45"]
    assert isinstance(ask(Fake(saying("at dawn")), TIME), Failure)


def test_json_is_asked_for_under_its_schema() -> None:
    schema = {"type": "object", "properties": {"hour": {"type": "integer"}}, "required": ["hour"]}
    request = Write("j", ("When?",), shape=Shape.JSON, pattern=json.dumps(schema), max_tokens=16)
    fake = Fake(saying('{"hour": 7}'))
    assert texts(ask(fake, request)) == ['{"hour": 7}']
    assert fake.asked()[0]["response_format"]["json_schema"]["schema"] == schema
    assert isinstance(ask(Fake(saying('{"hour": "seven"}')), request), Failure)


def test_numbers_are_digits() -> None:
    request = Write("n", ("How many?",), shape=Shape.NUMBER, max_tokens=4)
    assert texts(ask(Fake(saying("-12 apples")), request)) == ["-12"]
    assert isinstance(ask(Fake(saying("many")), request), Failure)


@pytest.mark.parametrize("way", ["refuses", "ignores"])
def test_a_server_without_n_is_asked_once_per_sample_and_asked_for_n_only_once(way: str) -> None:
    def say(call: Json, index: int) -> str:
        return f"It is number {call['seed']} here."

    fake = Fake(say)
    setattr(fake, way, frozenset({"n"}))
    with fake.backend() as backend:
        first, second = (backend.answer([request])[0].reply for request in (LINE, LINE))
    assert len(texts(first)) == 3
    assert first == second
    assert len([call for call in fake.asked() if "n" in call]) == 1


@pytest.mark.parametrize("name", ["seed", "top_p", "stop", "temperature", "logprobs"])
def test_what_a_server_does_not_want_is_left_out_from_then_on(name: str) -> None:
    fake = Fake(refuses=frozenset({name}))
    with fake.backend() as backend:
        for _ in range(3):
            assert len(texts(backend.answer([LINE])[0].reply)) == 3
    assert len([call for call in fake.asked() if name in call]) == 1
    assert len(fake.asked()) == 4


def test_a_model_that_wants_its_limit_under_another_name_gets_it() -> None:
    def before(_: str, call: Json) -> tuple[int, dict[str, str], bytes] | None:
        hint = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."
        return error(400, hint, param="max_tokens") if "max_tokens" in call else None

    fake = Fake(before=before)
    assert len(texts(ask(fake, LINE))) == 3
    assert fake.asked()[-1]["max_completion_tokens"] == 20


def test_a_server_that_does_not_say_what_it_does_not_want_is_asked_more_plainly() -> None:
    def before(_: str, call: Json) -> tuple[int, dict[str, str], bytes] | None:
        return error(400, "Bad request") if "response_format" in call else None

    fake = Fake(saying("06:45"), before=before)
    with fake.backend() as backend:
        assert texts(backend.answer([TIME])[0].reply) == [" 06:45"]
        assert texts(backend.answer([TIME])[0].reply) == [" 06:45"]
    assert len(fake.asked()) == 3


def test_many_requests_at_the_start_find_out_together() -> None:
    fake = Fake(refuses=frozenset({"logprobs", "n"}))
    with fake.backend() as backend:
        answers = backend.answer([Write("w", (f"{i}",), samples=2) for i in range(12)])
    assert all(isinstance(answer.reply, Texts) for answer in answers)
    assert len([call for call in fake.asked() if {"logprobs", "n"} & call.keys()]) <= 2


def test_a_choice_is_weighed_by_the_letters_in_the_place_of_the_answer() -> None:
    fake = Fake(saying("B"), likely=LIKELY)
    reply = ask(fake, WHERE)
    assert isinstance(reply, Choice)
    assert (reply.index, reply.option) == (1, " mill\n")
    assert reply.scores == pytest.approx([math.log(p) for p in (0.2, 0.6, 0.1)])
    assert reply.probabilities == pytest.approx([p / 0.9 for p in (0.2, 0.6, 0.1)])
    (call,) = fake.asked()
    assert call["top_logprobs"] == 20
    assert "A. bakery\nB. mill\nC. church" in call["messages"][1]["content"]


def test_a_prior_is_subtracted_where_there_are_weights() -> None:
    fake = Fake(saying("B"), likely=LIKELY)
    reply = ask(fake, Choose("place", ("Ida wants bread.",), WHERE.options, prior=("Nothing.",)))
    assert isinstance(reply, Choice)
    assert reply.scores == pytest.approx([0.0, 0.0, 0.0])
    assert len(fake.asked()) == 2


def test_letters_that_are_not_listed_share_what_is_left() -> None:
    fake = Fake(saying("A"), likely={"A": math.log(0.7), "B": math.log(0.2)})
    reply = ask(fake, Choose("c", ("x",), tuple("abcd")))
    assert isinstance(reply, Choice)
    assert [math.exp(score) for score in reply.scores] == pytest.approx([0.7, 0.2, 0.05, 0.05])


@pytest.mark.parametrize("lack", [{"ignores": frozenset({"logprobs"})}, {"refuses": frozenset({"logprobs"})}])
@pytest.mark.parametrize("said", ["B", " B.", "**B**", "(B)", "mill", "It should be the mill.", "B. mill"])
def test_without_weights_the_letter_or_option_that_is_named_is_the_choice(lack: Json, said: str) -> None:
    reply = ask(Fake(saying(said), **lack), WHERE)
    assert isinstance(reply, Choice)
    assert reply.index == 1
    assert reply.probabilities == pytest.approx([0.0, 1.0, 0.0], abs=1e-9)


def test_without_weights_a_schema_holds_the_letters() -> None:
    fake = Fake(saying('{"answer": "C"}'), refuses=frozenset({"logprobs", "top_logprobs"}))
    with fake.backend() as backend:
        replies = [backend.answer([WHERE])[0].reply for _ in range(2)]
    assert [reply.index for reply in replies if isinstance(reply, Choice)] == [2, 2]
    schema = fake.asked()[-1]["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["answer"]["enum"] == ["A", "B", "C"]


@pytest.mark.parametrize("said", ["bakery or mill", "I cannot say.", "", "D", "Z. tower"])
def test_an_unclear_answer_is_a_misfit(said: str) -> None:
    for fake in (Fake(saying(said)), Fake(saying(said), refuses=frozenset({"logprobs", "response_format"}))):
        reply = ask(fake, WHERE)
        assert isinstance(reply, Failure)
        assert reply.kind is FailureKind.MISFIT
        assert not said or said not in reply.detail


def test_more_options_than_letters_are_numbered() -> None:
    fake = Fake(saying('{"answer": "27"}'))
    reply = ask(fake, Choose("c", ("x",), tuple(f"option {i} of all" for i in range(1, 31))))
    assert isinstance(reply, Choice)
    assert reply.index == 26


def test_evidence_is_asked_about_where_texts_cannot_be_scored() -> None:
    fake = Fake(saying("B"), likely=LIKELY)
    request = Choose("c", ("A village.",), ("a bakery", "a mill"), Way.CHANNEL, evidence="Flour everywhere.")
    reply = ask(fake, request)
    assert isinstance(reply, Choice)
    assert reply.index == 1
    assert "Flour everywhere." in fake.asked()[0]["messages"][1]["content"]


def test_ratings() -> None:
    likely = {"7": math.log(0.5), "8": math.log(0.5)}
    reply = ask(Fake(saying("7"), likely=likely), Rate("r", ("How nice?",), 0, 9))
    assert isinstance(reply, Rating)
    assert reply.value == 7
    assert reply.expected == pytest.approx(7.5, abs=0.01)
    assert len(reply.probabilities) == 10
    ten = ask(Fake(saying("J"), likely={"J": -0.1, "A": -3.0}), Rate("r", ("How nice?",), 1, 10))
    assert isinstance(ten, Rating)
    assert ten.value == 10
    hundred = ask(Fake(saying('{"answer": "43"}')), Rate("r", ("How old?",), 0, 100))
    assert isinstance(hundred, Rating)
    assert hundred.value == 42, "its label is the number of the option"


def test_as_text_a_prompt_is_continued_and_its_shape_enforced() -> None:
    fake = Fake(saying(" 06:45"))
    assert texts(ask(fake, TIME, ",ask=text")) == [" 06:45"]
    (call,) = fake.asked("completions")
    assert call["prompt"] == "Ida wakes up at"
    assert call["structured_outputs"] == {"regex": TIME.pattern}
    assert not fake.asked()


def test_as_text_a_contrast_is_subtracted() -> None:
    request = Write("w", ("Ida:",), samples=2, contrast=("Somebody:",), contrast_weight=0.5)
    reply = ask(Fake(saying(" aaaa", " bbbb")), request, ",ask=text")
    assert isinstance(reply, Texts)
    # One more letter, a space, is as likely as e^-2.
    assert [sample.text for sample in reply.samples] == [" aaaa", " bbbb"]
    assert [sample.score for sample in reply.samples] == pytest.approx([-0.3 + 0.5 * (4 * 1 + 2) / 5, -0.8 + 0.5 * 2])


def test_as_text_options_are_scored_as_the_embedded_model_does() -> None:
    fake = Fake()
    request = Choose("c", ("x",), ("aab", "bbb"), prior=("y",))
    plain = ask(fake, Choose("c", ("x",), ("aab", "bbb")), ",ask=text")
    assert isinstance(plain, Choice)
    assert plain.scores == pytest.approx([-4 / 3, -2.0])
    centred = ask(fake, request, ",ask=text")
    assert isinstance(centred, Choice)
    assert centred.scores == pytest.approx([0.0, 0.0])
    channel = Choose("c", ("x",), ("ab", "cd"), Way.CHANNEL, evidence="aa", references=("bb", "ab"))
    reply = ask(fake, channel, ",ask=text")
    assert isinstance(reply, Choice)
    assert reply.scores == pytest.approx([-1 + 1.75] * 2)
    rating = ask(fake, Rate("r", ("x",), 9, 10), ",ask=text")
    assert isinstance(rating, Rating)
    assert rating.value == 9, "the text of a number is scored as a whole"
    assert not fake.asked()


@pytest.mark.parametrize("way", ["refuses", "ignores"])
def test_as_text_a_server_that_does_not_read_texts_is_asked_in_words(way: str) -> None:
    fake = Fake(saying("B"), likely=LIKELY)
    setattr(fake, way, frozenset({"echo"}))
    if way == "ignores":
        fake.say = lambda call, _: "B" if "messages" in call else " and"
    with fake.backend(",ask=text") as backend:
        for _ in range(2):
            reply = backend.answer([WHERE])[0].reply
            assert isinstance(reply, Choice)
            assert reply.index == 1
    assert len([call for call in fake.asked("completions") if "echo" in call]) == 1


def test_meanings_come_from_the_server_in_order_and_as_unit_vectors() -> None:
    fake = Fake()
    request = Embed("e", tuple(f"text {i}" for i in range(40)))
    with fake.backend() as backend:
        (answer,) = backend.answer([request])
    assert isinstance(answer.reply, Vectors)
    assert answer.reply.array.shape == (40, DIMENSIONS)
    assert answer.reply.array.dtype == np.float32
    assert np.linalg.norm(answer.reply.array, axis=1) == pytest.approx(1.0)
    alone = ask(fake, Embed("e", ("text 33",)))
    assert isinstance(alone, Vectors)
    assert (alone.array[0] == answer.reply.array[33]).all()
    assert [len(call["input"]) for call in fake.asked("embeddings")][:2] == [32, 8]


def test_vectors_of_another_length_end_the_run_and_shorter_ones_do_not() -> None:
    with pytest.raises(ModelUnavailable, match="gives 768 numbers per text"):
        ask(Fake(ignores=frozenset({"dimensions"})), Embed("e", ("a",)))

    def short(path: str, call: Json) -> tuple[int, dict[str, str], bytes] | None:
        data = [{"index": i, "embedding": [3.0, 4.0]} for i in range(len(call.get("input", ())))]
        return (200, {}, json.dumps({"data": data}).encode()) if path.endswith("embeddings") else None

    reply = ask(Fake(before=short), Embed("e", ("a",)))
    assert isinstance(reply, Vectors)
    assert reply.array[0, :3] == pytest.approx([0.6, 0.8, 0.0])


def test_the_identity_says_what_answers_depend_on() -> None:
    fake = Fake()
    with fake.backend() as one, fake.backend(",ask=text") as other, fake.backend(",price=1/2,at-once=3") as third:
        assert one.identity == third.identity != other.identity
        for part in ("http://models.example/v1", "small", "meanings"):
            assert part in one.identity
        assert not re.search("secret|fp_1", one.identity)


def test_a_server_that_does_not_count_is_counted_for() -> None:
    def before(path: str, _: Json) -> tuple[int, dict[str, str], bytes] | None:
        content = {"choices": [{"message": {"content": "Hello."}}]}
        return (200, {}, json.dumps(content).encode()) if "chat" in path else None

    with Fake(before=before).backend() as backend:
        (answer,) = backend.answer([Write("w", ("word " * 400,))])
    assert answer.usage.prompt > 400
    assert answer.usage.generated == 2
