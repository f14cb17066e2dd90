"""Triton kernels: attention of ragged blocks to keys that lie anywhere, and putting new keys where they are kept.

One launch serves all blocks of a pass. A block's keys are runs of memory (`segments`) of the GPU, or of the computer,
which the GPU reads over the link; a table says where they are. Softmax is computed while keys go by (Dao et al. 2022,
arXiv 2205.14135), in an order that depends on the block only: so a row has the same bits in any company and wherever
its keys are.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl

KINDS = {torch.bfloat16: tl.bfloat16, torch.float16: tl.float16, torch.float32: tl.float32}
BLOCK_FIELDS = tl.constexpr(8)
SEGMENT_FIELDS = tl.constexpr(5)
HOME_FIELDS = tl.constexpr(4)


@triton.jit
def _scores(query, keys, scale, cap, CAPPED: tl.constexpr):
    scores = tl.dot(query, tl.trans(keys), input_precision="ieee") * scale
    if CAPPED:
        scores = cap * (1 - 2 / (tl.exp(2 * scores / cap) + 1))  # the hyperbolic tangent
    return scores


@triton.jit
def _take_in(scores, values, most, total, mixed):
    highest = tl.maximum(most, tl.max(scores, axis=1))
    base = tl.where(highest == float("-inf"), 0.0, highest)
    weights = tl.exp(scores - base[:, None])
    fading = tl.exp(most - base)
    total = total * fading + tl.sum(weights, axis=1)
    mixed = mixed * fading[:, None] + tl.dot(weights.to(values.dtype), values, input_precision="ieee")
    return highest, total, mixed


@triton.jit(do_not_specialize=["layer"])
def attend(
    q,
    k,
    v,
    out,
    tiles,
    blocks,
    segments,
    layer,
    scale,
    cap,
    q_head,
    q_row,
    k_head,
    k_row,
    v_head,
    v_row,
    out_row,
    GROUP: tl.constexpr,
    WIDTH: tl.constexpr,
    PADDED: tl.constexpr,
    ROWS: tl.constexpr,
    KEYS: tl.constexpr,
    CAPPED: tl.constexpr,
    KIND: tl.constexpr,
):
    """Let a tile of a block's rows, in one head of keys, attend to all keys of the block.

    A row is a token in one of the `GROUP` heads of queries that share the head of keys. `q` [heads, t, width], `k` and
    `v` [kv_heads, t, width] are those of the pass; `out` is [t, heads * width].
    """
    tile, head = tl.program_id(0), tl.program_id(1)
    at = blocks + tl.load(tiles + 2 * tile) * BLOCK_FIELDS
    first = tl.load(tiles + 2 * tile + 1)
    start, count = tl.load(at), tl.load(at + 1)
    segment, last_segment = tl.load(at + 2), tl.load(at + 3)
    mask_at, mask_first, mask_row = tl.load(at + 4), tl.load(at + 5), tl.load(at + 6)
    masked = mask_at != 0
    mask = mask_at.to(tl.pointer_type(tl.float32))

    row = first + tl.arange(0, ROWS)
    token = row // GROUP
    there = token < count
    own_head = head * GROUP + row % GROUP
    wide = tl.arange(0, PADDED)
    fits = wide < WIDTH
    query = tl.load(
        q + own_head[:, None] * q_head + (start + token)[:, None] * q_row + wide[None, :],
        mask=there[:, None] & fits[None, :],
        other=0.0,
    ).to(KIND)
    most = tl.full([ROWS], float("-inf"), tl.float32)
    total = tl.zeros([ROWS], tl.float32)
    mixed = tl.zeros([ROWS, PADDED], tl.float32)

    seen = first * 0
    while segment < last_segment:
        place = segments + segment * SEGMENT_FIELDS
        length, layer_step, head_step = tl.load(place + 2), tl.load(place + 3), tl.load(place + 4)
        step = layer * layer_step + head * head_step
        keys = tl.load(place).to(tl.pointer_type(KIND)) + step
        values = tl.load(place + 1).to(tl.pointer_type(KIND)) + step
        if WIDTH % 8 == 0:  # each key begins at a multiple of 16 bytes, and so much is loaded at once
            keys, values = tl.multiple_of(keys, 16), tl.multiple_of(values, 16)
        for begin in range(0, length, KEYS):
            key = begin + tl.arange(0, KEYS)
            known = key < length
            cells = key[:, None] * WIDTH + wide[None, :]
            filled = known[:, None] & fits[None, :]
            scores = _scores(query, tl.load(keys + cells, mask=filled, other=0.0), scale, cap, CAPPED)
            scores = tl.where(known[None, :], scores, float("-inf"))
            if masked & (seen + begin + KEYS > mask_first):
                column = seen + key - mask_first
                scores += tl.load(
                    mask + token[:, None] * mask_row + column[None, :],
                    mask=there[:, None] & known[None, :] & (column >= 0)[None, :],
                    other=0.0,
                )
            most, total, mixed = _take_in(scores, tl.load(values + cells, mask=filled, other=0.0), most, total, mixed)
        seen += length
        segment += 1

    end = count
    if mask_at == 0:
        end = tl.minimum(count, (first + ROWS - 1) // GROUP + 1)
    for begin in range(0, end, KEYS):
        key = begin + tl.arange(0, KEYS)
        known = key < count
        filled = known[:, None] & fits[None, :]
        rows = (start + key)[:, None]
        own_keys = tl.load(k + head * k_head + rows * k_row + wide[None, :], mask=filled, other=0.0).to(KIND)
        own_values = tl.load(v + head * v_head + rows * v_row + wide[None, :], mask=filled, other=0.0).to(KIND)
        scores = _scores(query, own_keys, scale, cap, CAPPED)
        if masked:
            column = seen + key - mask_first
            scores += tl.load(
                mask + token[:, None] * mask_row + column[None, :],
                mask=there[:, None] & known[None, :],
                other=0.0,
            )
            scores = tl.where(known[None, :], scores, float("-inf"))
        else:
            scores = tl.where(known[None, :] & (key[None, :] <= token[:, None]), scores, float("-inf"))
        most, total, mixed = _take_in(scores, own_values, most, total, mixed)

    tl.store(
        out + (start + token)[:, None] * out_row + own_head[:, None] * WIDTH + wide[None, :],
        mixed / total[:, None],
        mask=there[:, None] & fits[None, :],
    )


@triton.jit(do_not_specialize=["layer"])
def keep(
    k, v, homes, layer, k_head, k_row, v_head, v_row, WIDTH: tl.constexpr, PADDED: tl.constexpr, KIND: tl.constexpr
):
    """Put a row's key and value of one head where they are kept: [t, 4] says where; what has no home is dropped."""
    row, head = tl.program_id(0).to(tl.int64), tl.program_id(1)
    at = homes + row * HOME_FIELDS
    keys = tl.load(at)
    if keys != 0:
        step = layer * tl.load(at + 2) + head * tl.load(at + 3)
        wide = tl.arange(0, PADDED)
        fits = wide < WIDTH
        own_keys = keys.to(tl.pointer_type(KIND)) + step
        own_values = tl.load(at + 1).to(tl.pointer_type(KIND)) + step
        if WIDTH % 8 == 0:
            own_keys, own_values = tl.multiple_of(own_keys, 16), tl.multiple_of(own_values, 16)
        key = tl.load(k + head * k_head + row * k_row + wide, mask=fits)
        value = tl.load(v + head * v_head + row * v_row + wide, mask=fits)
        tl.store(own_keys + wide, key.to(KIND), mask=fits)
        tl.store(own_values + wide, value.to(KIND), mask=fits)


@triton.jit
def expand_groups(packed, scales, lows, out, count, GROUPS: tl.constexpr, HALF: tl.constexpr, KIND: tl.constexpr):
    """Turn groups of 4-bit steps between a minimum and a maximum into numbers (`tiles/formats`)."""
    group = tl.program_id(0).to(tl.int64) * GROUPS + tl.arange(0, GROUPS)
    there = group < count
    place = tl.arange(0, HALF)
    pairs = tl.load(packed + group[:, None] * HALF + place[None, :], mask=there[:, None], other=0)
    scale = tl.load(scales + group, mask=there, other=0.0).to(tl.float32)[:, None]
    low = tl.load(lows + group, mask=there, other=0.0).to(tl.float32)[:, None]
    cells = out + group[:, None] * (2 * HALF) + place[None, :]
    tl.store(cells, ((pairs & 15).to(tl.float32) * scale + low).to(KIND), mask=there[:, None])
    tl.store(cells + HALF, ((pairs >> 4).to(tl.float32) * scale + low).to(KIND), mask=there[:, None])
