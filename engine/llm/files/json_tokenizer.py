"""The tokenizer and the chat template of a Hugging Face folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from tokenizers import Tokenizer as Encoder
from tokenizers import models, pre_tokenizers

from engine.errors import BadInput
from engine.llm.files.growth import growth_of
from engine.llm.files.json_file import read_json, read_text
from engine.llm.files.settings import Settings
from engine.llm.tokenizer import (
    SPACE,
    Ids,
    Lead,
    Tokenizer,
    attempt,
    byte_level,
    check_merges,
    check_size,
    sentence_piece,
)

_MOST_BYTES: Final = 48 << 20
_MOST_OPENING: Final = 8
_NAMES: Final = ("bos_token", "eos_token", "unk_token", "pad_token")


def tokenizer_files(folder: Path) -> tuple[Path, ...]:
    """Return the files in `folder` that say how a text is cut into tokens; none where there are none.

    That is tokenizer.json, or, as in older models with byte-level BPE, vocab.json and merges.txt.
    """
    ways = (folder / "tokenizer.json",), (folder / "vocab.json", folder / "merges.txt")
    return next((files for files in ways if all(file.exists() for file in files)), ())


def folder_tokenizer(folder: Path, config: Settings) -> Tokenizer:
    """Build the tokenizer in `folder` for the model with the settings `config`.

    Raises `BadInput` when there is none, or one of a kind that is not supported or that does not fit the model.
    """
    size = config.integer("vocab_size", 1, 1 << 24)
    match tokenizer_files(folder):
        case (source,):
            encoder, lead, pieces, growth = _from_json(source)
        case (source, merges):
            encoder, lead, pieces, growth = _from_merges(source, merges), Lead(), False, 2.0
        case _:
            problem = (
                "holds no tokenizer.json (transformers writes one: AutoTokenizer.from_pretrained, then save_pretrained)"
            )
            raise BadInput(str(folder), problem)

    about = _optional(folder / "tokenizer_config.json")
    found = {key: (name, encoder.token_to_id(name)) for key in _NAMES if (name := _name(about, key))}
    ids = {key: _known(token, size, about, key) for key, (_, token) in found.items() if token is not None}
    named = {key: found[key][0] for key in ids}
    opening = _opening(encoder, about, ids.get("bos_token"), size, str(source))
    ends = {ids["eos_token"]} if "eos_token" in ids else set()
    for settings in (config, _optional(folder / "generation_config.json")):
        if "eos_token_id" in settings:
            ends |= {_known(i, size, settings, "eos_token_id") for i in settings.integers("eos_token_id").tolist()}
    if not ends:
        config.refuse("is missing: it says which token ends a text", "eos_token_id")
    begin = config.integer("bos_token_id", 0, size - 1, default=min(ends))

    added = encoder.get_added_tokens_decoder()
    special = {token.content: i for i, token in added.items() if token.special}
    special |= {name: ids[key] for key, name in named.items()}
    plain = {token.content for token in added.values()} - set(special)
    vocabulary = _vocabulary(encoder, special, plain, size, str(source), pieces=pieces)
    check_size(vocabulary, str(source))
    return Tokenizer(
        encoder,
        vocabulary,
        {name: i for name, i in special.items() if i < size},
        opening[-1] if opening else ids.get("bos_token", begin),
        frozenset(ends),
        opening=opening,
        lead=lead,
        named=named,
        growth=growth,
    )


def folder_template(folder: Path) -> str:
    """Return the chat template of `folder`, empty if it has none."""
    path = folder / "chat_template.jinja"
    if path.exists():
        return read_text(path)
    about = read_json(folder / "tokenizer_config.json") if (folder / "tokenizer_config.json").exists() else {}
    found = about.get("chat_template")
    if isinstance(found, list):  # several under names
        named = {entry.get("name"): entry.get("template") for entry in found if isinstance(entry, dict)}
        found = named.get("default")
    return found if isinstance(found, str) else ""


def _from_json(path: Path) -> tuple[Encoder, Lead, bool, float]:
    """Return the encoder, what it puts before a text, whether it is SentencePiece (else byte-level), and its growth."""
    described = read_json(path, _MOST_BYTES)
    described |= {"truncation": None, "padding": None}
    model = described.get("model")
    if isinstance(model, dict) and "dropout" in model:  # for training: pieces would be joined, or not, by chance
        model["dropout"] = None
    parts = [*_nodes(described.get("normalizer")), *_nodes(described.get("pre_tokenizer"))]
    lead = _take_lead(parts)
    growth = growth_of(described, str(path))
    text = json.dumps(described)
    encoder = attempt(lambda: Encoder.from_str(text), str(path))
    encoder.encode_special_tokens = True
    pieces = all(part["type"] != "ByteLevel" for part in parts)
    joining = {part["type"] for part in _nodes(described.get("decoder"))}
    spaces = {part.get("replacement", SPACE) for part in parts if part["type"] == "Metaspace"}
    if pieces and (not joining & {"ByteFallback", "Metaspace", "Replace"} or spaces - {SPACE}):
        raise BadInput(str(path), "is of a kind that is not supported (byte-level BPE and SentencePiece are)")
    return encoder, lead, pieces, growth


def _nodes(node: object) -> Iterator[dict[str, object]]:
    """Return the parts of a normalizer, pre-tokenizer or decoder, those inside others too."""
    if isinstance(node, dict) and isinstance(node.get("type"), str):
        yield node
        for value in node.values():
            if isinstance(value, list):
                for inner in value:
                    yield from _nodes(inner)


def _take_lead(nodes: list[dict[str, object]]) -> Lead:
    """Take out of the parts what puts a space before a text: it goes before a sequence, not before every segment."""
    lead = Lead()
    for node in nodes:
        match node:
            case {"type": "Prepend", "prepend": prefix} if prefix == SPACE:
                lead = Lead(before_all=True, after_special=True)
                node.clear()
                node.update(type="Sequence", normalizers=[])
            case {"type": "Metaspace"}:
                older = "always" if node.pop("add_prefix_space", True) else "never"
                scheme = node.get("prepend_scheme", older)
                if scheme != "never":
                    lead = Lead(before_all=True, after_special=scheme == "always", even_before_space=False)
                node["prepend_scheme"] = "never"
            case {"type": "ByteLevel", "add_prefix_space": True}:
                lead = Lead(before_all=True, after_special=True, even_before_space=False)
                node["add_prefix_space"] = False
    return lead


def _from_merges(path: Path, merges_path: Path) -> Encoder:
    """Return the byte-level BPE of vocab.json and merges.txt, splitting words as GPT-2 does."""
    ids = read_json(path, _MOST_BYTES)
    if not all(type(i) is int and 0 <= i < 1 << 24 for i in ids.values()):
        raise BadInput(str(path), "does not give every token a number")
    known = {word: i for word, i in ids.items() if isinstance(i, int)}
    lines = read_text(merges_path, _MOST_BYTES).splitlines()
    pairs = [line for line in lines if line and not line.startswith("#version")]
    merges = check_merges(pairs, known, str(merges_path))
    encoder = attempt(lambda: Encoder(models.BPE(known, merges)), str(path))
    encoder.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return encoder


def _optional(path: Path) -> Settings:
    """Return the settings in the file at `path`, none if there is no such file."""
    return Settings(str(path), read_json(path) if path.exists() else {})


def _name(about: Settings, key: str) -> str:
    """Return the text of a special token that may be given as such or as an object."""
    if key in about and about.holds_object(key):
        return about.section(key).text("content")
    return about.text(key, "")


def _known(token: int, size: int, settings: Settings, key: str) -> int:
    if not 0 <= token < size:
        settings.refuse(f"is the token number {token}, but the model has {size} tokens", key)
    return token


def _opening(encoder: Encoder, about: Settings, begin: int | None, size: int, source: str) -> Ids:
    """Return the tokens that the tokenizer puts before a text."""
    plain, whole = attempt(lambda: [encoder.encode("a", add_special_tokens=more).ids for more in (False, True)], source)
    starts = [i for i in range(len(whole) - len(plain) + 1) if whole[i : i + len(plain)] == plain]
    opening = tuple(whole[: starts[0]]) if starts else ()
    if "add_bos_token" in about and begin is not None:
        opening = (begin,) if about.flag("add_bos_token", default=False) else ()
    if len(opening) > _MOST_OPENING or any(token >= size for token in opening):
        raise BadInput(source, f"puts tokens before a text that the model has not, or more than {_MOST_OPENING}")
    return opening


def _vocabulary(
    encoder: Encoder, special: Mapping[str, int], plain: set[str], size: int, source: str, *, pieces: bool
) -> list[bytes]:
    """Return the bytes of each token of the model, none for special ones and for those without a text."""
    vocabulary = [b""] * size
    for word, token in encoder.get_vocab(with_added_tokens=True).items():
        if word in special:
            continue
        if token >= size:
            raise BadInput(source, f"token {word[:80]!r} has number {token}, but the model has {size} tokens")
        if word in plain:
            text: bytes | None = (word.replace(SPACE, " ") if pieces else word).encode("utf-8", "replace")
        else:
            text = sentence_piece(word) if pieces else byte_level(word)
        if text is None:
            raise BadInput(source, f"token {word[:80]!r} is not byte-level text")
        vocabulary[token] = text
    return vocabulary
