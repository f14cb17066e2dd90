from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 (its customary name)

from engine.llm.decoder import by_blocks


@pytest.mark.parametrize("threads", [2, 3, 5, 7, 11])
@pytest.mark.parametrize("width", [48, 3072, 12000, 28672, 57344])
@pytest.mark.usefixtures("one_thread")  # puts their number back
def test_a_row_has_the_same_bits_in_any_number_of_rows(threads: int, width: int) -> None:
    torch.set_num_threads(threads)
    x = torch.randn(66, width, generator=torch.Generator().manual_seed(width)) * 4
    whole = by_blocks(F.silu, x)
    for rows in (6, 12, 18, 36, 60):
        assert torch.equal(by_blocks(F.silu, x[-rows:]), whole[-rows:])
