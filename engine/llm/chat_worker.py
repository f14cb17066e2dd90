"""The process in which chat templates of models are rendered: `chat` starts it, nothing imports it.

Each line on the standard input is a JSON object (`template`, `values`); each line on the standard output says what
became of it (`text`, or `refused` with a reason). Templates come with models, so they may be hostile: Jinja's sandbox
keeps them from Python's internals, and this process from memory, time and endless output.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from functools import lru_cache
from types import FrameType
from typing import Any, Final, NoReturn

from jinja2 import Template, TemplateError, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

if sys.platform != "win32":
    import resource

_MEMORY: Final = 512 << 20
_SECOND: Final = 1.0
"""Of the processor's time, for one rendering."""
_LETTERS: Final = 1 << 20
_SAID: Final = 300
"""Letters that are told of what went wrong: templates say it in any number of them."""


class _TooLong(BaseException):
    """Not an `Exception`, so that nothing inside a template's functions catches it."""


class _Refusal(TemplateError):
    """The template itself says that it cannot do with the conversation."""


class _Generation(Extension):
    """`{% generation %}` marks, for training, what a model says; here it means nothing."""

    tags = {"generation"}  # noqa: RUF012 (as Jinja declares it)

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        return nodes.Scope(parser.parse_statements(("name:endgeneration",), drop_needle=True), lineno=line)


class _Names(Namespace):
    """A namespace without attributes that Python itself uses."""

    def __init__(*args: Any, **names: Any) -> None:
        for name in dict(*args[1:], **names):
            _check_name(name)
        Namespace.__init__(*args, **names)

    def __setitem__(self, name: str, value: Any) -> None:
        _check_name(name)
        super().__setitem__(name, value)


def _check_name(name: Any) -> None:
    if str(name).startswith("_"):
        raise SecurityError(f"a namespace may not hold {name!r}")


def _refuse(message: Any) -> NoReturn:
    raise _Refusal(str(message))


def _to_json(value: Any, indent: int | None = None, sort_keys: bool = False, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, sort_keys=sort_keys)


@lru_cache(maxsize=8)
def _compiled(template: str) -> Template:
    """Compile a template in the environment that those of Hugging Face expect (but for the time of day)."""
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, "jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = _to_json
    environment.globals = {
        "range": environment.globals["range"],
        "dict": lambda *args, **named: dict(*args, **named),
        "namespace": _Names,
        "raise_exception": _refuse,
    }
    return environment.from_string(template)


def _render(template: str, values: dict[str, Any]) -> dict[str, str]:
    pieces, size = [], 0
    for piece in _compiled(template).generate(values):
        size += len(piece)
        if size > _LETTERS:
            return {"refused": f"writes more than {_LETTERS:,} letters"}
        pieces.append(piece)
    return {"text": "".join(pieces)}


def _answer(line: str) -> dict[str, str]:
    try:
        _set_limits()
        request = json.loads(line)
        return _render(request["template"], request["values"])
    except _TooLong:
        return {"refused": "is not done after a second: it may loop for ever"}
    except (MemoryError, RecursionError, OverflowError) as error:
        return {"refused": f"needs too much memory ({type(error).__name__})"}
    except TemplateSyntaxError as error:
        return {"refused": f"is not valid Jinja: line {error.lineno}, {_beginning(error.message)}"}
    except SecurityError as error:
        return {"refused": f"does what templates must not do: {_beginning(error)}"}
    except _Refusal as error:
        return {"refused": f"does not accept this conversation: {_beginning(error)}"}
    except Exception as error:  # noqa: BLE001 (a template can make Python raise anything)
        return {"refused": f"fails on this conversation: {type(error).__name__}, {_beginning(error)}"}
    finally:
        _lift_alarm()


def _beginning(error: object) -> str:
    """Return what an error says, on one line of bounded length."""
    text = " ".join(str(error)[: 2 * _SAID].split())
    return text if len(text) <= _SAID else f"{text[:_SAID]} …"


def _too_long(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001
    raise _TooLong


def _set_limits() -> None:
    """Bound the time of one rendering: the alarm interrupts Python, the limit ends what is busy in one operation."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_VIRTUAL, _SECOND)
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + 5 * _SECOND), most))


def _lift_alarm() -> None:
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started this process
    if sys.platform != "win32":
        signal.signal(signal.SIGVTALRM, _too_long)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    for request_line in sys.stdin:
        print(json.dumps(_answer(request_line)), flush=True)
