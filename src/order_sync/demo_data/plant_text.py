"""Dirt in text: the order goes, and the board shows what a person would have meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from order_sync.demo_data.board import DESCRIPTION_LIMIT, LONG_TEXT_LIMIT, NAME_LIMIT, TEXT_LIMIT
from order_sync.demo_data.dirt import Dirt
from order_sync.demo_data.line import COLOUR, ORDER, STYLE, Line

Planter = Callable[[Line], None]
ALIAS, DESCRIPTION, NOTES, PO = "ALIAS/RELATED ITEM", "STYLE DESCRIPTION", "NOTES", "PO NUMBER"

# Appended to the colour, so that keys stay unique: shown letter for letter, in cell and item name.
_SAID = {
    Dirt.QUOTES: ('"LONG" 12" HEM', "ROOK'S 'BEST'", "``TICKS``"),
    Dirt.CURLY_APOSTROPHE: ("LADIES’ ROSE", "‘SOFT’ “TOUCH”"),
    Dirt.MOJIBAKE: ("LADIESâ€™ ROSE", "CAFÃ‰"),
    Dirt.EMOJI: ("🔥 DROP", "👩‍👧 MATCH 👍🏽", "🇳🇿"),
    Dirt.SLASHES: ("/ DIJON // FOG", "AND/OR", "\\ BACK\\SLASH \\n \\u0022"),
    Dirt.PERCENT_SIGNS: ("50% WOOL", "%s %(name)s 100%%"),
    Dirt.BRACKETS: ("(REFLECTIVE LOGO)", "(UNBALANCED", "[bold red]TRIM[/]", "]] <[x]>"),
    Dirt.NON_ASCII: ("GRÜN ÅÆØ ß", "藍色 日本", "ЧЁРНЫЙ", "İSTANBUL ılık"),
    Dirt.RIGHT_TO_LEFT: ("أسود", "שחור"),
    Dirt.SQL_IN_TEXT: ("'; DROP TABLE ORDERS_UNIFIED; --", "x' OR '1'='1", "]; GO"),
    Dirt.GRAPHQL_IN_TEXT: ('"}){ id } }', "$name: String! # no", '{"labels":["X"]}'),
    Dirt.MARKUP: ("<script>alert(1)</script>", "<b>BOLD</b> &amp; &nbsp;"),
    Dirt.TEMPLATE_BRACES: ("{STYLE}", "{{ CUSTOMER }} {0}", "${COLOR}"),
    Dirt.BARS: ("RED|BLUE", "| |"),
}


def _say(kind: Dirt) -> Planter:
    def planter(line: Line) -> None:
        line.put(COLOUR, f"{line.text(COLOUR)} {line.pick(*_SAID[kind])}")

    return planter


def spaces_around(line: Line) -> None:
    for source in (STYLE, COLOUR):
        line.put(source, f"  {line.text(source)}\u00a0 ", line.text(source))
    line.put(PO, " 8148-00 ", "8148-00")
    line.put("CUSTOMER SEASON", "SP26   ", "SP26")


def line_ends_around(line: Line) -> None:
    colour = line.text(COLOUR)
    line.put(COLOUR, f"{colour}\r\n", colour)
    line.put(NOTES, "\r\nADDED 20.5.25\t\n", "ADDED 20.5.25")


def line_breaks(line: Line) -> None:
    """Kept where a cell has lines, a space where it has one."""
    line.put(NOTES, "ADDED 20.5.25\r\nTRIMS LATE\nCALL", "ADDED 20.5.25\nTRIMS LATE\nCALL")
    line.put("DESTINATION", "LOS\r\nANGELES", "LOS ANGELES")


def control_characters(line: Line) -> None:
    style, colour = line.text(STYLE), line.text(COLOUR)
    line.put(STYLE, f"{style[:3]}\x07{style[3:]}\x1b", style)
    line.put(COLOUR, f"{colour} \x7f" if line.pick(True, False) else f"\x01{colour}\x9d", colour)


def empty_string(line: Line) -> None:
    for source in (PO, ALIAS, "CUSTOMER PRICE", "DROP"):
        line.empty(source, "")
    for source in (NOTES, "CATEGORY", "DISCOUNT"):
        line.empty(source, line.pick(" ", "   ", "\t"))


def null_word(line: Line) -> None:
    for source, word in (
        (PO, "None"),
        ("CUSTOMER ALT PO", "NULL"),
        (ALIAS, "nan"),
        ("DROP", " none "),
        (NOTES, "NaN"),
    ):
        line.empty(source, word)


def decomposed_letters(line: Line) -> None:
    """Letters and accents apart: another key spelling, the same look; sent as they stand."""
    line.put(COLOUR, unicodedata.normalize("NFD", f"{line.text(COLOUR)} CAFÉ CRÈME"))


def formula(line: Line) -> None:
    line.put(STYLE, f"={line.text(STYLE)}+1")
    line.put(PO, line.pick("=cmd|' /C calc'!A0", "+61 4755", "-4755", "@SUM(A1)"))
    line.put(NOTES, '=HYPERLINK("#","open")')


def number_like_po(line: Line) -> None:
    line.put(PO, line.pick("4755", "4755.0", "0012", "1E5", "8148-00", "1,200", "TRUE"))


def number_like_style(line: Line) -> None:
    line.put(STYLE, f"00{line.row + 1_000_000}.{line.pick('0', '50')}")


def comma_in_label(line: Line) -> None:
    line.put("CUSTOMER SEASON", "SPRING, SUMMER 2026")
    line.put("CATEGORY", "TOPS, KNIT")


def _remark(length: int) -> str:
    """Words without a gap at any of the limits."""
    text = "ADDED_20.5.25_TRIMS_LATE;"
    return (text * (length // len(text) + 1))[:length]


def notes_4k(line: Line) -> None:
    line.cut_to(NOTES, _remark(4_000 + line.row % 90), LONG_TEXT_LIMIT)


def notes_10k(line: Line) -> None:
    line.cut_to(NOTES, _remark(10_000), LONG_TEXT_LIMIT)
    line.put("NOTES FOR PRICE", _remark(LONG_TEXT_LIMIT))


def long_description(line: Line) -> None:
    line.cut_to(DESCRIPTION, _remark(DESCRIPTION_LIMIT + 100), DESCRIPTION_LIMIT)
    line.put("RANGE / COLLECTION", _remark(DESCRIPTION_LIMIT))


def long_po(line: Line) -> None:
    """A code cut short would be another code."""
    line.put(PO, "8148-" + "0" * TEXT_LIMIT)
    line.hold("TOO_LONG")


def long_name(line: Line) -> None:
    """Style and colour fit their columns; together they make no item name."""
    line.put(STYLE, f"{line.text(STYLE)}-{'LONGSTYLE' * 15}")
    line.put(COLOUR, f"{line.text(COLOUR)} {'LONGCOLOUR' * 12}")
    line.hold("NAME_TOO_LONG")


def full_name(line: Line) -> None:
    """Not one character more would do."""
    line.put(STYLE, f"{line.text(STYLE)}-".ljust(120, "S"))
    room = NAME_LIMIT - len(f"{line.text(STYLE)}  {line.text(ORDER)}")
    line.put(COLOUR, f"{line.text(COLOUR)}-".ljust(room, "C"))


PLANTERS: dict[Dirt, Planter] = {
    **{kind: _say(kind) for kind in _SAID},
    Dirt.SPACES_AROUND: spaces_around,
    Dirt.LINE_ENDS_AROUND: line_ends_around,
    Dirt.LINE_BREAKS: line_breaks,
    Dirt.CONTROL_CHARACTERS: control_characters,
    Dirt.EMPTY_STRING: empty_string,
    Dirt.NULL_WORD: null_word,
    Dirt.DECOMPOSED_LETTERS: decomposed_letters,
    Dirt.FORMULA: formula,
    Dirt.NUMBER_LIKE_PO: number_like_po,
    Dirt.NUMBER_LIKE_STYLE: number_like_style,
    Dirt.COMMA_IN_LABEL: comma_in_label,
    Dirt.NOTES_4K: notes_4k,
    Dirt.NOTES_10K: notes_10k,
    Dirt.LONG_DESCRIPTION: long_description,
    Dirt.LONG_PO: long_po,
    Dirt.LONG_NAME: long_name,
    Dirt.FULL_NAME: full_name,
}
