"""How likely texts are after a context, by letting a server read them (`echo`)."""

from __future__ import annotations

from collections.abc import Sequence

from engine.llm.remote.replies import Drawn
from engine.llm.remote.server import ECHO, Errand, is_too_long
from engine.llm.remote.wire import Refused


async def logs_of(errand: Errand, context: str, texts: Sequence[str]) -> list[list[float]] | None:
    """Return the log-probabilities of each text's tokens after `context`; None where the server cannot tell.

    A token that lies across the end of the context counts as the text's. Raises `Refused` for what is too long.
    """
    if ECHO in errand.server.lacks or not context:
        return None
    try:
        read = await errand.echo([context + text for text in texts])
    except Refused as refusal:
        if is_too_long(refusal):
            raise
        read = []
    found = [_after(drawn, len(context), len(context) + len(text)) for drawn, text in zip(read, texts, strict=False)]
    if len(found) < len(texts) or not all(found):
        errand.server.lacks.add(ECHO)
        return None
    return found


def _after(drawn: Drawn, start: int, end: int) -> list[float]:
    """Return those of the tokens between two places of the text that was read; none if it was not echoed."""
    if drawn.logs is None or not drawn.offsets:
        return []
    ends = (*drawn.offsets[1:], len(drawn.text))
    tokens = zip(drawn.logs, drawn.offsets, ends, strict=True)
    return [log for log, begun, ended in tokens if log is not None and begun < end and ended > start]
