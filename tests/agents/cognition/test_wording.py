from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.cognition.ordinary import is_ordinary, word_list
from agents.cognition.wording import breaks_off, clause, copies, echoes, is_fit, loops, names, sentence, strangers, tidy
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


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("is having a quiet drink in the bar of the.", True),
        ("is a good person and is a woman who is.", True),
        ("is having a party at thetownhall.", True),
        ("is thinking of a story about the old barn of thebrook", True),
        ("says that she is a weaver and that theweaver's.", True),
        ("is having a quiet drink in the bar.", False),
        ("likes the history of the theatre", False),
        ("likes to work with others.", False),
        ("is the heroine.", False),  # which no list has, and which begins with "her"
        ("is friendly with Theodora.", False),
        ("", False),
    ],
)
def test_a_text_breaks_off_where_its_last_word_needs_another_or_has_one_written_to_it(text: str, *, does: bool) -> None:
    assert breaks_off(text) is does


def test_copies_have_four_words_of_an_example() -> None:
    example = "Olga at 08:00 is feeding the hens and the old donkey."
    assert copies("is feeding the hens", [example])
    assert not copies("feeding the hens", [example])
    assert not copies("the hens is feeding", [example])


def test_strangers_are_names_that_nobody_has_mentioned() -> None:
    assert strangers("is meeting Sarah and Paul on Monday", ["Paul is here"]) == ["Sarah"]
    assert strangers("is meeting the Holts at Ida's on Sundays", ["Petra Holt", "Ida's cafe"]) == []
    assert strangers("Ida is there. Holts, where are you?", ["Petra Holt", "Ida's cafe"]) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Karl is coming. Peter said hello to Otto.", ["Karl", "Peter", "Otto"]),
        ("Hathor is a beautiful goddess.", ["Hathor"]),
        ("Really? Sarah is nice.", ["Sarah"]),
        ("Karl, come here!", ["Karl"]),
        ("Yes. Karl!", ["Karl"]),
        ("Karl's horse is lame.", ["Karl"]),
        ("Karl’s horse is lame.", ["Karl"]),
        ("Karl Meier never saw it.", ["Karl", "Meier"]),
        ("Karl and his wife are here.", ["Karl"]),
        ("Karl never told me.", ["Karl"]),
        ("Karl quietly repaired it.", ["Karl"]),
        ("Thank you. “Karl will come,” he said.", ["Karl"]),
        ("(Karl knows it.)", ["Karl"]),
        ("I heard this: Karl moved away.", ["Karl"]),
        ("Rose is here.", ["Rose"]),
        ("James lost it. Thomas found it. Agnes wept, Alfred left.", ["James", "Thomas", "Agnes", "Alfred"]),
        ("Mr. Smith is late.", ["Smith"]),
    ],
)
def test_strangers_are_seen_at_the_beginning_of_a_sentence(text: str, named: list[str]) -> None:
    assert strangers(text, ["nobody"]) == named
    assert strangers(text, named) == []


@pytest.mark.parametrize(
    "text",
    [
        "Dinner is ready.",
        "Watering the plants takes time.",
        "Yes.",
        "Great idea!",
        "Maybe.",
        "Oh, well. Hmmm! Hahaha. Ooooh!",
        "Don't go. Isn't it late? Won't you stay? Didn't he say so?",
        "Monday is fine. Sundays, too. January was cold. May will be warm.",
        "Christmas is near. Easter? Halloween has passed.",
        "English is hard. Italian, too. Japanese was harder.",
        "Roses are red. Ferns and moss grow there. Berries would be nice.",
        "Happiness is a gift. Kindness, too. Creativity helps. Neighbourhood is everything.",
        "Unfortunately, no. Quickly! Surprisingly, yes. Terribly sorry.",
        "Bakers get up early. Walking is healthy. Prettier, I think. Stopped, as always.",
        "Mum is here. Doctor, help me! Madam, please.",
        "Quince jam is my favourite.",
    ],
)
def test_who_begins_a_sentence_with_an_ordinary_word_names_nobody(text: str) -> None:
    assert strangers(text, []) == []


def test_ordinary_words_are_listed_once_in_order_and_none_is_a_common_name() -> None:
    listed_words = word_list("ordinary")
    assert listed_words == sorted(set(listed_words))
    assert all(word.isascii() and word.isalpha() and word.islower() for word in listed_words)
    people = (
        "James Robert John Michael David William Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony "
        "Donald  Steven Paul Andrew Joshua Kenneth Kevin Brian George Timothy Ronald Edward Jason Jeffrey Ryan "
        "Jacob Gary Eric  Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Alexander Patrick Jack Dennis "
        "Jerry Tyler Aaron  Henry Douglas Peter Adam Nathan Kyle Walter Harold Carl Arthur Roger Keith Albert Joe "
        "Willie Ralph Roy Louis  Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Karen Sarah Lisa "
        "Nancy Betty Sandra Margaret  Ashley Kimberly Emily Donna Michelle Carol Amanda Melissa Deborah Stephanie "
        "Rebecca Sharon Laura Cynthia Amy  Kathleen Angela Shirley Emma Brenda Pamela Nicole Anna Samantha "
        "Katherine Christine Debra Rachel Carolyn Janet  Maria Olivia Helen Catherine Diane Julie Victoria Joyce "
        "Lauren Kelly Christina Ruth Joan Virginia Judith Evelyn  Hannah Andrea Megan Cheryl Jacqueline Madison "
        "Teresa Abigail Sophia Martha Sara Gloria Janice Kathryn Ann  Karl Otto Hans Fritz Klaus Greta Ingrid Sven "
        "Lars Nils Olaf Erik Karin Elsa Heidi Ivan Boris Olga Omar Fatima  Yuki Ming Priya Raj Juan Carlos Pablo "
        "Lucia Elena Marco Luca Pierre Sally Molly Polly Billy Jimmy Lily Daisy  Rose Violet Iris Ivy Hazel Robin "
        "Tom Tim Jim Sam Max Leo Mia Zoe Ada Ida Eva Ella Ted Fred Alfred Ned Nell "
    )
    assert [name for name in people.split() if is_ordinary(name)] == []


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
