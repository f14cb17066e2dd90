"""Conversations as the text that a model was trained on, by the template that comes with the model."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from engine.errors import BadInput
from engine.llm.tokenizer import Ids, Tokenizer

Message = Mapping[str, str]
"""`role` (system, user, assistant) and `content`."""

_PATIENCE: Final = 30.0
"""Seconds after which the process is ended that renders templates; it stops by itself much earlier."""
_WORKER: Final = Path(__file__).with_name("chat_worker.py")


class ChatTemplate:
    """A model's template. It is rendered in a process of its own, with bounded time, memory and output."""

    def __init__(self, source: str, template: str, tokenizer: Tokenizer) -> None:
        self._source = source
        self._template = template
        self._tokenizer = tokenizer
        self._turn = threading.Lock()
        self._worker: subprocess.Popen[str] | None = None

    def tokens(self, messages: Sequence[Message], *, answer: bool = True) -> Ids:
        """Return the tokens of a conversation, up to where the assistant's answer begins if `answer`.

        Names of special tokens in a message are plain text. Raises `BadInput` when the template fails.
        """
        quoted = [{key: self._tokenizer.quote(text) for key, text in message.items()} for message in messages]
        return self._tokenizer.encode_markup(self.render(quoted, answer=answer))

    def render(self, messages: Sequence[Message], *, answer: bool = True) -> str:
        """Return the text of a conversation with all its special tokens. Raises `BadInput` when the template fails."""
        values = {
            "messages": [dict(message) for message in messages],
            "add_generation_prompt": answer,
            "tools": None,
            "documents": None,
            **self._tokenizer.named,
        }
        with self._turn:
            result = self._ask(json.dumps({"template": self._template, "values": values}))
        if "text" not in result:
            raise BadInput(self._source, f"the model's chat template {result['refused']}")
        return result["text"]

    def _ask(self, request: str) -> dict[str, str]:
        worker = self._worker or self._start()
        assert worker.stdin is not None
        assert worker.stdout is not None
        timer = threading.Timer(_PATIENCE, worker.kill)
        timer.start()
        try:
            worker.stdin.write(request + "\n")
            worker.stdin.flush()
            reply = worker.stdout.readline()
        except OSError:  # it is gone
            reply = ""
        finally:
            timer.cancel()
        if not reply:
            _stop(worker)
            self._worker = None
            return {"refused": "ended the process that renders it: it takes too long or too much memory"}
        result: dict[str, str] = json.loads(reply)
        return result

    def _start(self) -> subprocess.Popen[str]:
        # Not `-m`: only this one file, and without its folder on the path, where other modules have common names.
        command = [sys.executable, "-P", str(_WORKER)]
        worker = subprocess.Popen(  # noqa: S603 (our own file, and nothing from outside among the arguments)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._worker = worker
        weakref.finalize(self, _stop, worker)
        return worker


def _stop(worker: subprocess.Popen[str]) -> None:
    worker.kill()
    worker.communicate()
