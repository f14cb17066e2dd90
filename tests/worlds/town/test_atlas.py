"""Places as they stand in a sentence."""

from __future__ import annotations

import pytest

from tests.worlds.town.maps import house, parse
from worlds.town.atlas import in_words


@pytest.mark.parametrize(
    ("arena", "thing", "words"),
    [
        ("kitchen", "stove", "the stove in the kitchen of House"),
        ("Kit's room", "Kit's desk", "Kit's desk in Kit's room of House"),
        ("The Snug", "the bar", "the bar in The Snug of House"),
    ],
)
def test_an_article_is_there_where_it_is_missing(arena: str, thing: str, words: str) -> None:
    document = house()
    document["layers"][2]["objects"][0]["name"] = arena
    document["layers"][3]["objects"][0]["name"] = thing
    town = parse(document)
    room = town.arenas[0]
    assert room.objects[0].name == thing
    assert in_words(town, room.objects[0]) == words
    assert in_words(town, room) == words.split(" in ")[1]
    assert in_words(town, town.sectors[0]) == "House"
