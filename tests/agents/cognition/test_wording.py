from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.cognition.wording import clause, copies, echoes, is_fit, loops, names, sentence, strangers, tidy
from engine.phrases import listed


@pytest.mark.parametrize(
    "text",
    ["I am glad I am glad I am glad.", "so so so happy", "the cat and the dog and the cat and the dog"],
)
def test_loops_are_found(text: str) -> None:
    assert loops(text)
    assert not is_fit(text)


def test_an_ordinary_sentence_is_fit() -> None:
    assert is_fit("That sounds interesting, I will come along.", ["There is music tonight."])


def test_an_echo_is_not_fit() -> None:
    said = "The mill wheel turned last night although nobody opened the gate."
    assert echoes("The mill wheel turned last night!", [said])
    assert not is_fit("The mill wheel turned last night!", [said])
    assert is_fit("I did not hear it, I slept well.", [said])


@pytest.mark.parametrize(
    ("text", "is_echo"),
    [
        ("the mill wheel turned today", True),  # 3 of its 4 pairs of neighbouring words
        ("we saw the mill wheel", True),  # 2 of 4
        ("we saw them at the mill", False),  # 1 of 5
        ("yesterday Bea saw the mill wheel", False),  # 2 of 5
    ],
)
def test_an_echo_has_half_of_its_pairs_of_words_from_one_text(text: str, is_echo: bool) -> None:
    assert echoes(text, ["the mill wheel turned last night", "we went home"]) is is_echo


def test_copies_have_four_words_of_an_example() -> None:
    example = "Olga at 08:00 is feeding the hens and the old donkey."
    assert copies("is feeding the hens", [example])
    assert not copies("feeding the hens", [example])
    assert not copies("the hens is feeding", [example])


def test_strangers_are_names_inside_a_sentence_that_nobody_has_mentioned() -> None:
    assert strangers("is meeting Sarah and Paul on Monday", ["Paul is here"]) == ["Sarah"]
    assert strangers("Really? Sarah is nice.", []) == []


def test_tidy_keeps_whole_sentences_only() -> None:
    assert tidy(' "What a day!  I will come. And then') == "What a day! I will come."
    assert tidy("no end here") == "no end here"


@given(st.text(min_size=1).filter(lambda text: bool(text.strip(" .!"))))
def test_a_sentence_ends_and_a_clause_does_not(text: str) -> None:
    assert sentence(text).endswith((".", "!", "?"))
    assert not clause(text).endswith((".", "!"))


@pytest.mark.parametrize(
    ("text", "name", "named"),
    [
        ("Art is late", "Art", True),
        ("let us start", "art", False),
        ("Ann Leeson waves", "Ann Lee", False),
        ("this is Zoë's cup", "Zoë", True),
        ("Mr. X (the baker)", "Mr. X (the baker)", True),
    ],
)
def test_a_name_is_found_as_a_whole_word_only(text: str, name: str, named: bool) -> None:
    assert names(text, name) is named


def test_lists_read_well() -> None:
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed("abc")] == ["", "a", "a and b", "a, b and c"]
