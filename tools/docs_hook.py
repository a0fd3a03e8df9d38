"""MkDocs hook: fills the generated parts in, and refuses a site that would load anything from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import reference
from mkdocs.exceptions import PluginError

_FOREIGN = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//[^>]*>")


def on_page_markdown(markdown: str, **_: Any) -> str:
    return reference.filled(markdown)


def on_post_build(config: Any) -> None:
    for page in sorted(Path(config["site_dir"]).rglob("*.html")):
        found = _FOREIGN.search(page.read_text(encoding="utf-8"))
        if found:
            raise PluginError(f"{page.name} loads something from another host: {found.group(0)}")
