"""Opens a model under a cap and fills everything that memory was planned for; prints what it took beyond the start.

What is subtracted is a process that has already imported everything and run a tiny model once.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path


def status(key: str) -> int:
    """A line of /proc/self/status, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key)) << 10


def main(tiny: Path, large: Path, storage: str, cap: int) -> None:
    import torch

    from engine.llm.branches import Branches
    from engine.llm.decoder import LOGIT_ROWS
    from engine.llm.files.open import open_checkpoint
    from engine.llm.kv import PIECE, Node, run
    from engine.llm.tiers.opening import Opened, open_in_tiers

    def use(path: Path, cap: int | None) -> Opened:
        with closing(open_checkpoint(path)) as checkpoint:
            opened = open_in_tiers(checkpoint, storage, cap, path.name, ())
        model, room = opened.decoder, opened.sizes.room if cap else 60
        size = min(PIECE, room)
        nodes = [
            Node(model.config, None, tuple((start + i) % 200 for i in range(size)))
            for start in range(0, 2 * room - size + 1, size)  # as many are kept as are under way
        ]
        run(model, nodes, opened.sizes.most)
        branches = Branches(model.config, nodes[0])
        branches.advance(range(4), [5, 6, 7, 8])
        (states,) = run(model, [branches])
        model.log_probabilities(states.repeat(LOGIT_ROWS // 4, 1))
        opened.store.close()
        return opened

    use(tiny, 300 << 20)
    torch.randn(600, 600) @ torch.randn(600, 600)
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    before = status("VmRSS")
    opened = use(large, cap)
    assert opened.policy is not None
    print(
        json.dumps(
            {
                "grown": status("VmHWM") - before,
                "on_disk": opened.policy.on_disk,
                "planned": opened.policy.memory,
                "rows": opened.policy.rows,
                "room": opened.policy.room,
                "before": before,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
