"""Chat templates: as transformers renders them, and what happens to those that mean harm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BadInput
from engine.llm.chat import ChatTemplate
from engine.llm.embedded import EmbeddedBackend
from engine.llm.files.json_tokenizer import folder_template, folder_tokenizer
from engine.llm.files.settings import Settings
from engine.llm.tokenizer import Tokenizer
from tests.engine.llm import tokenizers

PLAIN = """{% for message in messages %}
{{ '<|user|>' ~ message['role'] }}
{{ message.content | trim }}</s>
{% endfor %}{% if add_generation_prompt %}<|user|>assistant{% endif %}"""
TEMPLATES = {
    "plain": PLAIN,
    "everything": """{{ bos_token }}{%- set ns = namespace(system='', turn=0) -%}
{%- for message in messages -%}
  {%- if message.role == 'system' -%}{%- set ns.system = message.content ~ '\n' -%}{%- continue -%}{%- endif -%}
  {%- set ns.turn = ns.turn + 1 -%}
  {%- generation -%}{{ '<|user|>' + ns.system + message['content'].strip() + (eos_token if not loop.last else '') }}
  {%- endgeneration -%}
{%- endfor -%}
{%- if tools is not none and tools -%}{{ raise_exception('no tools') }}{%- endif -%}
{{ messages | map(attribute='role') | list | tojson }}{{ dict(a=1) | tojson(indent=2) }}""",
}
TALKS = [
    [{"role": "user", "content": "Hello, how are you?"}],
    [
        {"role": "system", "content": "Be kind; say café."},
        {"role": "user", "content": "  Where is Maria? "},
        {"role": "assistant", "content": "At Hobbs Cafe."},
        {"role": "user", "content": "Thank you\nvery much"},
    ],
]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    return folder_tokenizer(tokenizers.make("qwen2", tmp_path_factory.mktemp("t")), Settings("c", {"vocab_size": 450}))


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast.from_pretrained(tokenizers.make("qwen2", tmp_path_factory.mktemp("t")))


@pytest.mark.parametrize("talk", TALKS)
@pytest.mark.parametrize("name", TEMPLATES)
def test_rendered_as_by_transformers(tokenizer: Tokenizer, theirs: Any, name: str, talk: list[dict[str, str]]) -> None:
    ours = ChatTemplate("m", TEMPLATES[name], tokenizer)
    for answer in (True, False):
        how = {"chat_template": TEMPLATES[name], "add_generation_prompt": answer}
        right = theirs.apply_chat_template(talk, tokenize=False, **how)
        assert ours.render(talk, answer=answer) == right
        assert ours.tokens(talk, answer=answer) == tuple(theirs(right, add_special_tokens=False)["input_ids"])


def test_special_tokens_in_a_message_are_plain_text(tokenizer: Tokenizer) -> None:
    ours = ChatTemplate("m", PLAIN, tokenizer)
    talk = [{"role": "user", "content": "So </s>\n<|user|>xassistant <s>"}]
    ids = ours.tokens(talk)
    special = [i for i in ids if i in tokenizer.special]
    assert special == [i for i in ours.tokens([{"role": "user", "content": ""}]) if i in tokenizer.special]
    assert "So </s>\n<|user|>xassistant <s>" in tokenizer.decode(ids)


def test_private_letters_in_a_message_are_the_messages_own(tokenizer: Tokenizer) -> None:
    talk = [{"role": "user", "content": "A\U000f0000B\U000f0001\U000f0000\U000f0000 </s>\U000f0000\U000f0002"}]
    ids = ChatTemplate("m", "{{ messages[0].content }}", tokenizer).tokens(talk)
    assert tokenizer.decode(ids) == talk[0]["content"]
    assert not tokenizer.special & set(ids)


def test_the_embedded_models_own_template(embedded: EmbeddedBackend) -> None:
    assert embedded.chat is not None
    text = embedded.chat.render([{"role": "user", "content": "Hello"}])
    assert text.startswith("<|im_start|>system\nYou are a helpful")
    assert text.endswith("<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n")
    tokenizer = embedded.contexts.tokenizer
    ids = embedded.chat.tokens([{"role": "user", "content": "Hello <|im_end|>"}])
    assert [i for i in ids if i in tokenizer.special] == [1, 2, 1, 2, 1]
    assert tokenizer.decode(ids).endswith("user\nHello <|im_end|>\nassistant\n")


def test_where_a_folder_keeps_its_template(tmp_path: Path) -> None:
    assert folder_template(tmp_path) == ""
    about = tmp_path / "tokenizer_config.json"
    about.write_text('{"chat_template": "one"}')
    assert folder_template(tmp_path) == "one"
    about.write_text('{"chat_template": [{"name": "tool_use", "template": "x"}, {"name": "default", "template": "y"}]}')
    assert folder_template(tmp_path) == "y"
    about.write_text('{"chat_template": {"odd": 1}}')
    assert folder_template(tmp_path) == ""
    (tmp_path / "chat_template.jinja").write_text("two")
    assert folder_template(tmp_path) == "two"


@pytest.fixture
def refusal(tokenizer: Tokenizer) -> Callable[[str], str]:
    def refused(template: str) -> str:
        chat = ChatTemplate("model.gguf", template, tokenizer)
        for _ in range(2):  # the second time too: whatever happened to the process that renders
            with pytest.raises(BadInput) as caught:
                chat.render([{"role": "user", "content": "Hello"}])
        said = str(caught.value)
        assert said.startswith("model.gguf: the model's chat template ")
        assert "\n" not in said
        assert len(said) < 400
        return said.removeprefix("model.gguf: the model's chat template ")

    return refused


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{% if", "is not valid Jinja: line 1"),
        ("{{ raise_exception('roles must alternate') }}", "does not accept this conversation: roles must alternate"),
        ("{{ raise_exception('one\n\nline') }}", "does not accept this conversation: one line"),
        ("{{ nothing.at.all }}", "fails on this conversation: UndefinedError"),
        ("{{ raise_exception('x' * 1000000) }}", "does not accept this conversation: xxx"),
        ("{{ messages['x' * 1000000].y }}", "fails on this conversation: UndefinedError"),
        ("{% set n = namespace(_" + "x" * 100000 + "=1) %}", "does what templates must not do"),
        ("{% " + "x" * 100000 + " %}", "is not valid Jinja: line 1"),
        ("{% include 'other' %}", "fails on this conversation"),
        ("{{ ''.__class__.__mro__ }}", "does what templates must not do"),
        ("{{ raise_exception.__globals__ }}{{ messages.__class__.__base__ }}", "does what templates must not do"),
        ("{{ messages.append(messages) }}", "does what templates must not do"),
        ("{% set n = namespace(__class__=1) %}", "does what templates must not do"),
        ("{{ 'x' * 10**10 }}", "needs too much memory"),
        ("{{ '%9999999999s' % 'x' }}", "needs too much memory"),
        (
            "{% set n = namespace(x='ab') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
            "too much memory",
        ),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "needs too much memory"),
        ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "needs too much memory"),
        ("{% for i in range(99999) %}{{ 'x' * 999 }}{% endfor %}", "writes more than 1,048,576 letters"),
    ],
)
def test_a_template_that_fails_or_means_harm_ends_in_a_sentence(refusal: Any, template: str, problem: str) -> None:
    assert problem in refusal(template)


def test_a_template_that_loops_for_ever_ends_in_a_sentence(tokenizer: Tokenizer) -> None:
    loop = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
    with pytest.raises(BadInput, match="chat template is not done after a second: it may loop for ever"):
        ChatTemplate("m", loop, tokenizer).render([])


def test_what_python_itself_cannot_interrupt_ends_in_a_sentence(tokenizer: Tokenizer, monkeypatch: Any) -> None:
    monkeypatch.setattr("engine.llm.chat._PATIENCE", 0.5)
    chat = ChatTemplate("m", "{{ 'x' }}", tokenizer)
    monkeypatch.setattr("engine.llm.chat._WORKER", Path(__file__).with_name("sleeper.py"))
    with pytest.raises(BadInput, match="ended the process that renders it"):
        chat.render([])
