"""Where a run comes from: what was recorded before, what it was forked from, and how far the change spread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadInput
from engine.llm.records import ReplyCounts, count_replies
from engine.record.run_folder import RunFolder
from engine.record.shared_past import SharedPast
from replay.light_cone import Touch, known_until, light_cone


@dataclass(frozen=True, slots=True)
class Lineage:
    """The replies of a run by their origin, and the light cone of a fork. Times are simulated seconds."""

    counts: ReplyCounts
    continuations: int
    before: int
    """How many replies were there when the run was last gone on with."""
    spread: tuple[Touch, ...] | None
    """When the change touched whom; None when this is no fork, or the parent is not there to compare with."""
    compared_until: int
    missing: str
    """Why there is nothing to compare with, in a fork."""


def lineage_of(run: RunFolder) -> Lineage:
    """Read where a run comes from. Raises `BadInput` when one of its logs is damaged (other than cut off)."""
    continuations = run.manifest.continuations
    spread, until, missing = _spread(run)
    before = continuations[-1].replies if continuations else 0
    return Lineage(count_replies(run.replies_path), len(continuations), before, spread, until, missing)


def _spread(run: RunFolder) -> tuple[tuple[Touch, ...] | None, int, str]:
    said = run.manifest.parent
    if said is None:
        return None, 0, ""
    try:
        parent = RunFolder.open(Path(said.path))
        past = SharedPast.of(parent.events_path, said.at, said.events)
    except BadInput as error:
        return None, 0, f"it cannot be compared with the run that it was forked from: {error}"
    if past.digest != said.digest:
        return None, 0, f"the run in {said.path} is not the one that it was forked from"
    try:
        until = min(known_until(each.whole_events(), each.manifest.reached) for each in (parent, run))
        return tuple(light_cone(parent.whole_events(), run.whole_events(), until)), until, ""
    except BadInput as error:
        return None, 0, f"it cannot be compared with the run that it was forked from: {error}"
