"""Calls in processes of their own, under limits."""

import sys
import time

import pytest

from bench.support import isolated


def test_returns_what_the_function_returns():
    assert isolated.run("builtins:sorted", [3, 1, 2]) == [1, 2, 3]


def test_time():
    start = time.perf_counter()
    with pytest.raises(isolated.StoppedError, match="not finished after 1 s"):
        isolated.run("time:sleep", 60, seconds=1)
    assert time.perf_counter() - start < 30


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold a process to RLIMIT_DATA")
def test_memory():
    with pytest.raises(isolated.StoppedError, match=r"out of its 0\.5 GB after"):
        isolated.run("builtins:bytearray", 2**30, gigabytes=0.5)


def test_failure():
    with pytest.raises(isolated.StoppedError, match="ValueError"):
        isolated.run("math:sqrt", -1)
