"""Thorp's command line: wires everything, decides nothing. See `thorp --help`.

Only the standard library is imported before the guard has looked; the commands themselves are in `thorp.cli`.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOMS = {
    "engine": '"""The engine: time',
    "agents": '"""Who lives in a world',
    "worlds": '"""Where agents live',
    "replay": '"""Watching a run again',
    "thorp": '"""Thorp put together',
}
"""Thorp's packages and how each begins: the names are generic, and others use them too."""


def foreign_packages(folder: Path = HERE) -> list[str]:
    """Return a sentence for each of Thorp's packages that is not the one beside this file."""
    faults = []
    for room, beginning in ROOMS.items():
        spec = find_spec(room)
        origin = Path(spec.origin).resolve() if spec is not None and spec.origin else None
        if origin != folder / room / "__init__.py":
            faults.append(f"the package '{room}' is found in {origin or 'no file'}, not in {folder / room}")
        elif not origin.read_text(encoding="utf-8").startswith(beginning):
            faults.append(f"the package '{room}' in {folder / room} was overwritten by another distribution")
    return faults


def main() -> None:
    """Run the program; refuses to start when another package hides one of its own."""
    if faults := foreign_packages():
        advice = "Remove or rename the other package (or clear PYTHONPATH), reinstall Thorp if needed, and start again."
        print(f"thorp: {'; '.join(faults)}. {advice}", file=sys.stderr)
        sys.exit(2)
    from thorp.cli import run_command_line

    sys.exit(run_command_line(sys.argv[1:]))


if __name__ == "__main__":
    main()
