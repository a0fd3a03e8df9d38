"""Writes the golden files anew."""

from tests.golden import FOLDER, scripts

for name, text in scripts().items():
    (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
