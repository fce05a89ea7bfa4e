"""Ctrl-C and SIGTERM: one line instead of a traceback, and every temporary file removed on the way out."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_SAID = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}


class Interrupted(Exception):  # noqa: N818 - the user's wish is no error
    """The user, or the system, ended the run.

    Attributes:
        code: the exit code that shells know: 128 and the signal's number.
    """

    def __init__(self, number: int) -> None:
        self.code = 128 + number
        super().__init__(_SAID[signal.Signals(number)])


@contextmanager
def interruptible() -> Iterator[None]:
    """Raises Interrupted at the end of a block in which SIGINT or SIGTERM came, whatever error came of it.

    Extension modules whose import is interrupted report that as an ImportError or a SystemError of theirs.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    seen: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        seen.append(number)
        raise KeyboardInterrupt

    before = {each: signal.getsignal(each) for each in _SAID}
    for each, handler in before.items():
        if handler in (signal.default_int_handler, signal.SIG_DFL):  # what another has set, or the shell turned off
            signal.signal(each, interrupt)
    try:
        yield
    except BaseException as error:
        number = seen[0] if seen else signal.SIGINT if isinstance(error, KeyboardInterrupt) else None
        if number is None:
            raise
        raise Interrupted(number) from error
    finally:
        for each, handler in before.items():
            if handler is not None:
                signal.signal(each, handler)
