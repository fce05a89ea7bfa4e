"""Whether a catalogue ends where its last entry does: a file that was cut off must not be read as a shorter one."""

from __future__ import annotations

import re
from collections import Counter, deque

_HEADER = re.compile(rb"^(?!Name:)([A-Z][A-Za-z ]*[a-z])[^\n]*$", re.MULTILINE)
_ROWS = rb"[^\n]*\n((?:[-+\d.eE, \t\r]*\n)*)"
_NODES, _BARS = (re.compile(header + _ROWS) for header in (b"Nodal positions", b"Bar connectivities"))
_NUMBER_AT_END = re.compile(rb"(^|[\s,])[-+]?([0-9.][-+0-9.eE]*)?$")
SIBLINGS = 8


class CutOff:
    """Sees the entries of a catalogue pass and judges the last one.

    Within a section the reader counts: rows of one section must fit those of another. What that cannot show is

    - a last section that is missing whole. Where more than half of the entries before (eight at most are looked at)
      have a section behind all that the last entry has, it was cut off;
    - bars that end too early. A file that ends with them, and has nodes behind the last one with a bar, was cut off;
    - a last number without its last digits. A file whose last line is a number must end that line: "0 0 1" might have
      been "0 0 12". Any other last line may go without its end, for it is whole or not understood.

    A file with a single entry that ends at the end of a line, before sections that an entry need not have, is whole as
    far as anybody can tell.
    """

    def __init__(self, separator: bytes) -> None:
        self._separator = separator
        self._seen: deque[bytes] = deque(maxlen=SIBLINGS + 1)

    def see(self, text: bytes) -> None:
        """Takes a piece of the file that begins with an entry."""
        self._seen.extend(text.rsplit(self._separator, SIBLINGS + 1)[1:])

    @property
    def last(self) -> bytes:
        """The last entry, without what opens it."""
        return self._seen[-1] if self._seen else b""

    @property
    def name(self) -> str:
        """Its name, "" where it has none."""
        found = re.search(rb"^Name:[ \t]*(.*?)[ \t]*\r?$", self.last, re.MULTILINE)
        return found[1].decode(errors="replace") if found else ""

    def reason(self) -> str | None:
        """What shows that the last entry was cut off, or None. Called at the end of the file."""
        if not self._seen:
            return None
        text = self.last
        line = text[max(text.rfind(b"\n"), text.rfind(b"\r")) + 1 :]
        if line.strip() and _NUMBER_AT_END.search(line.rstrip(b" \t")) and line.rstrip(b" \t")[-1:] != b",":
            return f"the file ends within a line of numbers, {line.decode(errors='replace')[-40:]!r}: it was cut off"
        *siblings, _ = self._seen
        before, last = _sections(siblings[-1]) if siblings else [], _sections(text)
        if not set(before).issubset(last):  # else the others need not be looked at
            had = Counter(section for each in siblings for section in set(_sections(each)))
            usual = [section for section in before if 2 * had[section] > len(siblings)]
            if usual and usual[-1] not in last:
                return f"the last entry has no section {usual[-1]!r}, which those before it have: the file was cut off"
        nodes, bars = _NODES.search(text), _BARS.search(text)
        if nodes and bars and not text[bars.end() :].strip():
            count = sum(bool(row.strip()) for row in nodes[1].split(b"\n"))
            named = [int(word) for word in bars[1].split() if word.isdigit()]
            if max(named, default=-1) < count - 1:
                return f"the file ends with bars, but none ends at node {count - 1}, the last: it was cut off"
        return None


def _sections(entry: bytes) -> list[str]:
    """The headers of an entry, in order, without what follows a colon."""
    return [found[1].decode() for found in _HEADER.finditer(entry)]
