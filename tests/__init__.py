"""Tests, in the package's shape: tests/ROOM holds what ROOM promises, tests/ops/OP an op's backends, tests/native the
library alone (C++, no Python). They may import everything; what several rooms and the benchmarks share is in
`tests.support` and `bench.support`. Expectations come from there, from closed forms or from other programs, never from
the code under test.
"""
