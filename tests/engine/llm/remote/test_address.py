"""Addresses of served models: what is allowed, and that a secret in a wrong one is not repeated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadInput
from engine.llm.remote.address import Address, Ask, Prices
from engine.llm.remote.key import Key
from engine.llm.requests import Usage
from engine.llm.spec import ModelSpec

names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,30}", fullmatch=True)
hosts = st.sampled_from(["127.0.0.1:8000", "localhost", "[::1]:80", "api.example.com", "box:65535"])


@given(st.sampled_from(["http", "https"]), hosts, st.sampled_from(["", "/", "/v1", "/v1/", "/a/b"]), names)
def test_an_address_is_read_and_its_specification_printed_as_it_was_written(
    scheme: str, host: str, path: str, model: str
) -> None:
    text = f"openai:{scheme}://{host}{path}#{model}"
    spec = ModelSpec.parse(text)
    assert str(spec) == text
    address = spec.address
    assert address is not None
    assert (address.url, address.model) == (f"{scheme}://{host}{path}".rstrip("/"), model)
    assert spec.at_once == 16
    assert spec.prices is None
    assert spec.gathers


def test_settings() -> None:
    address = Address.parse("https://x.example/v1#m/x:8b+e/mbed,ask=text,price=0.15/0.60,at-once=4,timeout=2.5")
    assert address == Address("https://x.example/v1", "m/x:8b", "e/mbed", Ask.TEXT, Prices(0.15, 0.6), 4, 2.5)
    assert Prices(0.15, 0.6).of(Usage(2_000_000, 5, 1_000_000)) == pytest.approx(0.9)
    assert not address.is_loopback
    assert all(Address.parse(f"http://{host}:1#m").is_loopback for host in ("127.0.0.1", "LOCALHOST", "[::1]"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "names no model"),
        ("http://x/v1", "names no model"),
        ("http://x/v1#", "names no model"),
        ("http://x/v1#a b", "names no model"),
        ("http://x/v1#a+", "names no model"),
        ("x/v1#m", "its base URL is none"),
        ("ftp://x/v1#m", "its base URL is none"),
        ("http:///v1#m", "its base URL is none"),
        ("http://x:99999/v1#m", "its base URL is none"),
        ("http://[x/v1#m", "its base URL is none"),
        ("http://x\n/v1#m", "is no address"),
        ("http://x/v1#m,prize=1/2", "unknown setting 'prize' of a served model (did you mean 'price'?)"),
        ("http://x/v1#m,price=cheap", "'cheap' is no value of the setting 'price'"),
        ("http://x/v1#m,price=nan/1", "is no value"),
        ("http://x/v1#m,at-once=0", "allowed: 1 to 1024"),
        ("http://x/v1#m,at-once=²", "allowed: 1 to 1024"),
        ("http://x/v1#m,timeout=0", "allowed: seconds"),
        ("http://x/v1#m,ask=nicely", "allowed: chat, text"),
        ("http://x/v1#m,ask=chat,ask=text", "stands twice"),
        ("x" * 3000, "is no address"),
    ],
)
def test_what_is_no_address_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        ModelSpec.parse(f"openai:{text}")
    assert str(caught.value).startswith("--model: ")
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "https://ann:sk-secret@x.example/v1#m",
        "https://sk-secret@x.example/v1#m",
        "https://x.example/v1?api-key=sk-secret#m",
        "https://ann:sk-secret@x.example/v1",
        "https://ann:sk-secret@x.example:port/v1#m",
        "https://x.example/v1?sk-secret=#a b",
    ],
)
def test_a_secret_in_an_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        ModelSpec.parse(f"openai:{text}")
    assert "sk-secret" not in str(caught.value)


def test_a_key_is_shown_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", " sk-0123456789 \n")
    key = Key.from_environment()
    assert key.headers() == {"Authorization": "Bearer sk-0123456789"}
    assert "0123" not in f"{key!r} {key} {[key]}"
    assert key.scrub("you sent sk-0123456789!") == "you sent ***!"
    assert Key("none").scrub("one or none") == "one or none"
    monkeypatch.delenv("OPENAI_API_KEY")
    assert not Key.from_environment()
    assert Key.from_environment().headers() == {}
    for bad in ("sk-a b", "sk-\u00e9", "sk-a\nb"):
        with pytest.raises(BadInput) as caught:
            Key(bad)
        assert str(caught.value) == "OPENAI_API_KEY: holds characters that no key has"
