"""The worker: a process that reads one page after another for ``reader``, and may be killed at any time.

It speaks over its own stdin and stdout: each message is a pickle. What a page makes it print goes nowhere.
"""

from __future__ import annotations

import importlib
import os
import pickle
import signal
from collections.abc import Callable
from typing import Any, BinaryIO

from minutes_archive.bounded.limits import OUT_OF_MEMORY, Watch, held


def send(pipe: BinaryIO, message: object) -> None:
    """Write one message, the bytes of a page without a copy. Raises OSError where nobody reads, and what pickling raises."""
    pickle.dump(message, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def receive(pipe: BinaryIO) -> Any:
    """The next message. Raises EOFError where the other end is gone, be it in the middle of a message."""
    try:
        return pickle.load(pipe)
    except pickle.UnpicklingError as error:
        raise EOFError from error


def serve(function: str, seconds: float, memory: int) -> None:
    """Call ``function`` ("module:name") with the arguments of each message, until stdin ends.

    Each call has ``seconds`` of processor time; ``memory`` is how many bytes the process may hold. An answer is what was
    returned, or the name of the exception's class, and whether it is the last one, because a page has left the process large.
    """
    requests, answers = _own_pipes()
    # An interrupt is meant for the process that asks; this one ends when its stdin does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    module, _, name = function.partition(":")
    called: Callable[..., object] = getattr(importlib.import_module(module), name)
    watch = Watch(memory)
    send(answers, "ready")
    large = held() + memory // 4
    try:
        last = False
        while not last:
            arguments = receive(requests)
            watch.give(seconds)
            value, failure = _result(called, arguments)
            watch.take_back()
            last = held() > large
            _answer(answers, value, failure, last)
    except (EOFError, OSError):
        return
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Stdin and stdout for messages alone: whatever else prints or reads finds nothing there."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    return requests, answers


def _result(function: Callable[..., object], arguments: tuple[object, ...]) -> tuple[object, str | None]:
    """What the call gives, or the name of the error that it ends in. Raises MemoryError."""
    try:
        return function(*arguments), None
    except MemoryError:
        raise
    except Exception as error:
        return None, type(error).__name__


def _answer(answers: BinaryIO, value: object, failure: str | None, last: bool) -> None:
    try:
        # First as a whole: of what can't be sent, nothing may be in the pipe.
        answer = pickle.dumps((value, failure, last), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        raise
    except Exception as error:
        answer = pickle.dumps((None, type(error).__name__, last), pickle.HIGHEST_PROTOCOL)
    answers.write(answer)
    answers.flush()
