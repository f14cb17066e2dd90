"""The tables in which the README shows the card that comes along: `python -m agents.exams.readme` writes them anew.

Each stands between two marks, `<!-- NAME -->` and `<!-- end of NAME -->`; what is around them is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from agents.cognition.thoughts import WAYS
from agents.exams.exam import COMBINATION, RULE
from agents.exams.ways import shipped_card
from engine.errors import BadInput

README = "README.md"
COLUMNS = (RULE, *WAYS, COMBINATION)
TEXT_COLUMNS = {
    "thought": "text",
    "cases": "cases",
    "samples": "samples that came",
    "fit": "fit",
    "loops": "loops",
    "echoes": "echoes",
    "copies": "copies",
    "unknown_names": "unknown names",
    "plain_lines": "plain lines",
    "distinct_lines": "different lines",
}
"""What is shown of texts: by the key of a row, the title."""


def with_card(page: str, card: Mapping[str, Any]) -> str:
    """Return a page whose tables are those of a card, the `--json` of `thorp evaluate thoughts`.

    Raises `BadInput` when the page lacks the marks between which they stand.
    """
    for name, table in (("thoughts", _thoughts(card["rows"])), ("texts", _texts(card["lines"]))):
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
        before, opened, rest = page.partition(begin)
        _, closed, after = rest.partition(end)
        if not opened or not closed:
            raise BadInput(README, f"there is no '{begin.strip()}' with '{end.strip()}' after it")
        page = "".join((before, begin, *(f"| {' | '.join(cells)} |\n" for cells in table), end, after))
    return page


def _thoughts(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[str]]:
    titles = ("thought", "cases", "chance", "most frequent", *COLUMNS, "95 % of the way used")
    yield (*titles, "its requests, prompt tokens")
    yield ["---"] * (len(titles) + 1)
    for thought, group in groupby(rows, key=lambda row: row["thought"]):
        by_way = {row["way"]: row for row in group}
        used = next(row for row in by_way.values() if row["used"])
        low, high = used["interval"]
        yield (
            thought,
            str(used["cases"]),
            f"{used['chance']:.2f}",
            f"{used['most_frequent']:.2f}",
            *(_share(by_way.get(way)) for way in COLUMNS),
            f"{low:.2f} to {high:.2f}",
            f"{used['requests']}, {used['prompt_tokens']}",
        )


def _share(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    return f"**{row['share']:.2f}**" if row["used"] else f"{row['share']:.2f}"


def _texts(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[str]]:
    yield tuple(TEXT_COLUMNS.values())
    yield ["---"] * len(TEXT_COLUMNS)
    for row in rows:
        yield [f"{row[key]:.2f}" if isinstance(row[key], float) else str(row[key]) for key in TEXT_COLUMNS]


if __name__ == "__main__":
    path = Path(README)
    path.write_text(with_card(path.read_text(encoding="utf-8"), shipped_card()), encoding="utf-8")
