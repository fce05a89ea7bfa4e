"""What the site needs beside the pages: the README as its first one, and no links to files that it does not hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

_LINK = re.compile(r"\[([^\]]+)\]\(\.\./[^)]*\)")
_ROOT = Path(__file__).resolve().parents[1]


def on_files(files: Files, config: Any) -> Files:
    """Adds README.md, whose links to docs/ lead to the pages."""
    text = (_ROOT / "README.md").read_text(encoding="utf-8").replace("](docs/", "](").replace("[docs/", "[")
    files.append(File.generated(config, "index.md", content=text))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Leaves the text of links to the sources."""
    return _LINK.sub(r"\1", markdown)
