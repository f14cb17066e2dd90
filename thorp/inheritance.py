"""What a run that is performed again can draw on: its own logs, and the replies of the runs that it was forked from."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from engine.errors import BadInput
from engine.llm.records import RecordedReplies
from engine.record.frames import LogKind
from engine.record.manifest import Parent
from engine.record.run_folder import RunFolder
from engine.record.shared_past import SharedPast


def missing(folder: RunFolder, kind: LogKind) -> str:
    """Return what a log lacks of what it held once, as a sentence; empty if nothing that is known of.

    Raises `BadInput` if it is damaged in another way than by a crash, or is another log.
    """
    found = folder.missing(kind)
    if found is None:
        return ""
    again = "comes to pass again" if kind is LogKind.EVENTS else "has to be asked again"
    return f"{found}; what is missing {again}"


def inherited(fork: RunFolder, say: Callable[[str], None]) -> list[RecordedReplies]:
    """Return what the run that this one was forked from knows, then what that one's knows, and so on.

    The list ends with the first run that is not there any more, or not the very one. `say` gets a sentence about that,
    and about replies that are missing.
    """
    found: list[RecordedReplies] = []
    seen = {os.path.realpath(fork.path)}
    while (parent := fork.manifest.parent) is not None and os.path.realpath(parent.path) not in seen:
        seen.add(os.path.realpath(parent.path))
        try:
            fork = _the_very_run(parent, fork.manifest.model_identity)
            if lacking := missing(fork, LogKind.REPLIES):
                say(lacking)
            found.append(RecordedReplies(fork.replies_path))
        except BadInput as error:
            say(f"{error}; of its replies only those are known that were taken over before")
            break
    return found


def _the_very_run(parent: Parent, model_identity: str) -> RunFolder:
    """Return the run that was forked. Raises `BadInput` when it is not there any more, or is another one."""
    folder = RunFolder.open(Path(parent.path))
    past = SharedPast.of(folder.events_path, parent.at, parent.events)
    if past.digest != parent.digest or folder.manifest.model_identity != model_identity:
        raise BadInput(parent.path, "is not the run that this one was forked from")
    return folder
