"""Names for people, homes and quarters, each of them given once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SHE = _words("""
Ada Agnes Alma Amelie Anja Asta Beatrix Bella Bridget Cara Celia Clara Cora Dagny Delia Dora Edith Effie Elin Elsa
Enid Esme Etta Fenna Flora Freya Gerda Greta Hanne Hattie Hedda Hilda Imke Ines Ingrid Iris Jette Joan Judith Karin
Katrin Lena Liv Lotte Luise Mabel Maeve Magda Maren Marta Mina Mirka Nadia Nora Odile Olga Paula Petra Quinta Rhoda
Rosa Runa Sanna Selma Signe Stella Svea Tabea Tilda Una Ursula Vera Vilma Wanda Wilma Xenia Yara Ylva Yvonne Zelda
Zora
""")
_HE = _words("""
Abel Adrian Albin Alvar Ansel Anton Arno Arvid Basil Benno Bertil Bruno Caspar Cedric Conrad Corin Dario Darius Davin
Eamon Edgar Edvin Egon Elias Emil Erwin Falk Felix Finn Florian Fritz Gareth Georg Gil Gustav Halvar Hamish Hannes
Harald Hector Henrik Hugo Ilja Isak Ivo Jakob Jannik Jesper Joel Julius Karsten Kilian Klaus Lars Leopold Linus Lorenz
Ludo Magnus Malte Marius Matti Milan Nils Norbert Olaf Orin Oskar Otto Pascal Piers Quentin Rafe Ragnar Remy Rolf
Ruben Rufus Silas Simeon Stellan Sven Tadeo Theo Tobias Ulf Urban Valentin Viktor Walt Wendel Wilbur Xaver Yannis Zeno
""")
_THEY = _words("""
Alexis Arden Avery Briar Blair Cameron Dale Ellis Ember Emery Fenn Harley Indigo Jules Kit Lark Lennox Marlo Merle
Morgan Noel Oakley Onyx Perry Quill Reese Remi Robin Rowan Sage Sasha Shay Sorrel Sky Taylor Teal Toni Vale Wren
Winter
""")
_SURNAMES = _words("""
Abbot Adler Alcott Amsel Appleby Arkwright Ashby Atwater Barlow Bauer Beck Bellamy Bergman Birkett Blackwood Bramley
Brandt Brooks Burrows Calloway Carver Chandler Clement Colby Conway Cooper Corbett Crane Croft Dahl Dalton Darby
Denning Dorn Drake Dunmore Eastwood Ekberg Elwood Engel Everett Fairfax Falkner Farrow Fenwick Fielding Fisk Fletcher
Forster Frost Gallagher Garland Gilbert Glover Goodwin Granger Grove Hadley Hale Halloway Hammond Hartley Haskell
Hawkins Heller Holm Hooper Horner Hurst Ingram Jansen Jessop Kaspar Keller Kendrick Kirkby Klein Lambert Langley
Larkin Latimer Lind Lockwood Lund Maddox Mallory Marlow Mason Meadows Mercer Moreau Nash Nilsson Norwood Oakes Olsen
Orchard Osborne Padgett Palmer Parrish Pemberton Perkins Pike Porter Prescott Quimby Radcliffe Ramsey Redfern Ridley
Rosen Rowe Sadler Sandell Sawyer Seaton Selwyn Shelby Sommer Spence Stanton Stokes Sutter Talbot Tanner Thatcher
Thorne Tilney Travers Tucker Upton Vance Varga Vogel Wade Walden Warwick Weber Weston Whitlock Wickham Winslow Wolfe
Woodrow Yardley York
""")
_HOMES = _words("""
Acorn Alder Almond Amber Anemone Apple Ash Aspen Aster Barley Beech Bell Berry Birch Blackthorn Bluebell Bramble Briar
Bryony Buttercup Cedar Cherry Chestnut Clover Copper Cornflower Cowslip Crocus Crow Cypress Daffodil Daisy Damson Dove
Elder Elm Falcon Fern Finch Foxglove Garden Gorse Hawthorn Hazel Heather Heron Holly Honey Hornbeam Iris Ivy Jasmine
Juniper Kestrel Larch Lark Laurel Lavender Lilac Lily Linden Magpie Maple Marigold Meadow Mill Mint Moss Mulberry
Myrtle Nettle Nutmeg Oak Olive Orchard Owl Peach Pear Peony Pepper Pine Plover Plum Poplar Poppy Primrose Quince Raven
Robin Rose Rowan Rush Sage Sedge Snowdrop Sorrel Sparrow Spruce Starling Swallow Sycamore Tansy Thistle Thrush Thyme
Tulip Violet Walnut Willow Wisteria Woodbine Wren Yarrow Yew
""")
_KINDS = ("Cottage", "House", "Lodge", "Villa", "Hall", "Croft", "Nook", "Rest", "Gate", "Place")
_MORE_KINDS = ("Barn", "Court", "End", "Grange", "Mews")
_FRONTS = _words("""
Alder Birken Brack Cold Dun East Elm Fair Gold Hart Kings Lamb Long Mill North Oak Red Stone Swan Whit
""")
_BACKS = _words("""
brook bury combe dale field ford ham hill ley mere ton well
""")


class Names:
    """Gives out names in an order that depends on the random numbers only."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._people: set[str] = set()
        self.homes = chain(_shuffled(rng, _pairs(_HOMES, _KINDS)), self._more_homes())
        """Names of homes."""
        self.quarters = _shuffled(rng, [front + back for front in _FRONTS for back in _BACKS])
        """Names of quarters."""
        self.families = self._surnames()
        """Surnames, again from the first when all are given."""

    def person(self, pronoun: str, family: str, besides: set[str]) -> str:
        """Return a name that nobody bears yet, if possible with a first name that is not among `besides`."""
        firsts = {"she": _SHE, "he": _HE, "they": _THEY}[pronoun]
        free = [first for first in firsts if f"{first} {family}" not in self._people]
        name = f"{self._rng.choice([first for first in free if first not in besides] or free)} {family}"
        self._people.add(name)
        return name

    def _more_homes(self) -> Iterator[str]:
        yield from _shuffled(self._rng, _pairs(_HOMES, _MORE_KINDS))

    def _surnames(self) -> Iterator[str]:
        while True:
            yield from _shuffled(self._rng, _SURNAMES)


def _pairs(words: Sequence[str], kinds: Sequence[str]) -> list[str]:
    return [f"{word} {kind}" for word in words for kind in kinds]


def _shuffled(rng: Random, words: Sequence[str]) -> Iterator[str]:
    mixed = list(words)
    rng.shuffle(mixed)
    return iter(mixed)
