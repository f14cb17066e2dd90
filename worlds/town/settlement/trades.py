"""What the people of a settlement work, and what they do in their free time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trade:
    """One kind of work: where in the quarter, from when to when, in minutes of the day, and what one does."""

    title: str
    kind: str
    """The kind of sector, as in the plans."""
    arena: str
    begins: int
    ends: int
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pastime:
    """Something to do in free time, with the earliest and the latest hour at which it begins."""

    do: str
    kind: str
    arena: str
    earliest: int
    latest: int


def _trade(title: str, place: str, hours: tuple[float, float], *acts: str) -> Trade:
    kind, arena = place.split(":")
    return Trade(title, kind, arena, int(60 * hours[0]), int(60 * hours[1]), acts)


def _pastime(do: str, place: str, earliest: int, latest: int) -> Pastime:
    kind, arena = place.split(":")
    return Pastime(do, kind, arena, earliest, latest)


TRADES = (
    _trade("baker", "cafe:kitchen", (7, 14), "baking bread and rolls", "kneading dough for the next day",
           "making sandwiches for lunch"),
    _trade("waiter", "cafe:dining room", (7.5, 17), "taking orders and making coffee", "wiping the counter",
           "laying out the cakes"),
    _trade("landlord", "pub:bar", (12, 22), "pulling pints at the bar", "polishing the glasses", "counting barrels"),
    _trade("shopkeeper", "shop:shop floor", (8, 18), "serving customers at the till", "stocking the shelves"),
    _trade("teacher", "school:classroom", (8, 15), "teaching a lesson at the blackboard",
           "correcting exercise books", "preparing the next lesson"),
    _trade("librarian", "library:reading room", (8.5, 18), "cataloguing new books", "stamping returned books"),
    _trade("gardener", "park:bandstand green", (7.5, 16), "planting flowers in the park", "raking the lawn",
           "trimming the hedges"),
    _trade("potter", "workshop:workroom", (8.5, 17), "throwing pots on the wheel", "mixing glazes"),
    _trade("tailor", "workshop:workroom", (9, 17.5), "sewing a coat to measure", "mending shirts"),
    _trade("painter", "workshop:workroom", (9.5, 18), "painting a large canvas", "stretching canvases"),
    _trade("architect", "office:open office", (8.5, 17.5), "drawing the plans of a house", "holding a meeting"),
    _trade("accountant", "office:open office", (8, 16.5), "checking a long row of figures", "filing invoices"),
    _trade("programmer", "office:open office", (9.5, 18.5), "writing a program at the computer", "hunting a fault"),
    _trade("journalist", "office:open office", (9, 18), "writing an article about the quarter", "telephoning around"),
    _trade("lawyer", "office:manager's office", (9, 18), "receiving clients in the office", "reading contracts"),
    _trade("secretary", "school:office", (7.5, 15.5), "copying worksheets and telephoning", "filing reports"),
    _trade("stock clerk", "shop:storeroom", (7.5, 15.5), "unpacking a delivery", "counting the stock"),
    _trade("archivist", "library:stacks", (9, 17), "sorting old papers in the stacks", "shelving books"),
    _trade("market gardener", "garden:plots", (7, 15), "hoeing the vegetables", "harvesting for the shop"),
)  # fmt: skip
"""Those without which a quarter would stand still come first."""
ESSENTIAL = 6

PUPIL = _trade("pupil", "school:classroom", (8, 14), "listening to the lesson at school", "writing a test at school")

PASTIMES = (
    _pastime("feeding the ducks at the pond", "park:pond side", 9, 18),
    _pastime("strolling through the park", "park:bandstand green", 8, 20),
    _pastime("sitting on a bench in the sun", "park:pond side", 9, 17),
    _pastime("watching the children play", "park:playground", 14, 18),
    _pastime("playing music on the bandstand", "park:bandstand green", 16, 19),
    _pastime("reading the newspapers", "library:reading room", 9, 17),
    _pastime("looking for a novel to borrow", "library:stacks", 9, 17),
    _pastime("eating cake with friends", "cafe:dining room", 14, 17),
    _pastime("drinking a coffee on the terrace", "cafe:terrace", 8, 17),
    _pastime("having a drink with friends", "pub:bar", 17, 21),
    _pastime("playing billiards", "pub:back room", 16, 21),
    _pastime("singing along at the piano", "pub:back room", 18, 21),
    _pastime("watering the tomatoes", "garden:plots", 7, 19),
    _pastime("buying groceries", "shop:shop floor", 8, 17),
    _pastime("learning to throw pots", "workshop:workroom", 15, 18),
)

HOBBIES = (
    "collects old maps of the region", "plays the guitar when it rains", "grows the best beans of the street",
    "bakes a different cake every Sunday", "keeps a diary in three colours of ink", "knows every bird by its song",
    "mends clocks for the neighbours", "swims in the pond until October", "writes letters to a cousin at sea",
    "never loses at cards", "is afraid of geese", "has read every crime novel in the library twice",
    "paints small pictures on stones", "sings in the choir", "walks five miles every evening",
    "once won a prize for marmalade", "is learning Portuguese from old records", "builds kites",
)  # fmt: skip
ORIGINS = (
    "grew up two streets away", "came here from the coast nine years ago", "was born in the city and does not miss it",
    "moved here last autumn", "has lived in the same house for ever", "worked on a ferry before",
    "came for a summer and stayed", "inherited the house from an aunt", "used to live above the old bakery",
)  # fmt: skip
CONCERNS = (
    "is planning a party for the whole street", "is saving for a journey to the mountains",
    "is trying to repair an old bicycle", "wants to start a reading circle", "is worried about the roof",
    "is looking for a good recipe for quince jelly", "wants to see more of the neighbours",
    "is writing down the stories of the old people", "is practising for a concert", "would like to adopt a dog",
    "is trying to drink less coffee", "is thinking about a change of work", "is preparing an exhibition of drawings",
    "is counting the swallows of the quarter", "wants the street lamps to be lit earlier",
)  # fmt: skip
TRAITS = (
    "warm", "quick", "curious", "patient", "absent-minded", "kind", "impulsive", "observant", "proud", "stubborn",
    "witty", "generous", "orderly", "dry", "loyal", "shy", "cheerful", "thoughtful", "restless", "gentle", "blunt",
    "dreamy", "careful", "talkative", "sceptical", "brave", "modest", "playful",
)  # fmt: skip
RUMOURS = (
    "the clock of the school has been five minutes slow since Monday", "a fox has been seen behind the gardens",
    "the shop will sell fresh fish on Fridays", "somebody left a violin on the bandstand",
    "the old oak by the street is to be felled", "two swans have come to the pond",
    "the library has bought a hundred new books", "there was a light in the workshop at midnight",
)  # fmt: skip
EVENTS = (
    ("there is a concert", "park:bandstand green", 17),
    ("there is a quiz night", "pub:bar", 20),
    ("there is a reading", "library:reading room", 17),
    ("there is a tasting of cakes", "cafe:dining room", 15),
    ("there is a swap of seeds and plants", "garden:plots", 16),
    ("there is an evening of songs at the piano", "pub:back room", 19),
)
"""What takes place, where, and at what hour."""
