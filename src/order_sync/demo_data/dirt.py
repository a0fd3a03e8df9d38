"""The kinds of dirt that order sheets really hold, each planted under its name."""

from __future__ import annotations

from enum import StrEnum


class Dirt(StrEnum):
    """One planted oddity. A row has at most one kind; `several_faults` is a row with two faults at once."""

    # text
    SPACES_AROUND = "spaces_around"
    LINE_ENDS_AROUND = "line_ends_around"
    LINE_BREAKS = "line_breaks"
    CONTROL_CHARACTERS = "control_characters"
    EMPTY_STRING = "empty_string"
    NULL_WORD = "null_word"
    QUOTES = "quotes"
    CURLY_APOSTROPHE = "curly_apostrophe"
    MOJIBAKE = "mojibake"
    EMOJI = "emoji"
    SLASHES = "slashes"
    PERCENT_SIGNS = "percent_signs"
    BRACKETS = "brackets"
    NON_ASCII = "non_ascii"
    DECOMPOSED_LETTERS = "decomposed_letters"
    RIGHT_TO_LEFT = "right_to_left"
    FORMULA = "formula"
    SQL_IN_TEXT = "sql_in_text"
    GRAPHQL_IN_TEXT = "graphql_in_text"
    MARKUP = "markup"
    TEMPLATE_BRACES = "template_braces"
    BARS = "bars"
    NUMBER_LIKE_PO = "number_like_po"
    NUMBER_LIKE_STYLE = "number_like_style"
    COMMA_IN_LABEL = "comma_in_label"
    NOTES_4K = "notes_4k"
    NOTES_10K = "notes_10k"
    LONG_DESCRIPTION = "long_description"
    LONG_PO = "long_po"
    LONG_NAME = "long_name"
    FULL_NAME = "full_name"
    # numbers and dates
    DECIMAL_COMMA = "decimal_comma"
    WORD_FOR_NUMBER = "word_for_number"
    CURRENCY_SIGN = "currency_sign"
    PERCENT_RATE = "percent_rate"
    TRUE_TARIFF = "true_tariff"
    TRUE_ELSEWHERE = "true_elsewhere"
    NAN_NUMBER = "nan_number"
    INFINITE_NUMBER = "infinite_number"
    THOUSANDS = "thousands"
    EXPONENT = "exponent"
    PADDED_NUMBER = "padded_number"
    TRAILING_ZEROS = "trailing_zeros"
    MANY_DIGITS = "many_digits"
    NEGATIVE_NUMBER = "negative_number"
    SENTINEL_DATE = "sentinel_date"
    NO_DATES = "no_dates"
    # keys
    NULL_ORDER_NUMBER = "null_order_number"
    NULL_STYLE = "null_style"
    NULL_COLOUR = "null_colour"
    BLANK_KEY_PART = "blank_key_part"
    NULL_WORD_KEY_PART = "null_word_key_part"
    BLANK_ROW = "blank_row"
    DUPLICATE_KEY = "duplicate_key"
    DUPLICATE_KEY_CASE = "duplicate_key_case"
    DUPLICATE_KEY_SPACES = "duplicate_key_spaces"
    DUPLICATE_KEY_UNICODE = "duplicate_key_unicode"
    NEAR_DUPLICATE_KEY = "near_duplicate_key"
    SAME_ITEM_NAME = "same_item_name"
    # customers, seasons, labels
    CUSTOMER_ALIAS = "customer_alias"
    CUSTOMER_CASE = "customer_case"
    CUSTOMER_SPACES = "customer_spaces"
    CUSTOMER_WITHIN_ANOTHER = "customer_within_another"
    UNKNOWN_CUSTOMER = "unknown_customer"
    UNKNOWN_LOOKALIKE = "unknown_lookalike"
    CUSTOMER_MISSING = "customer_missing"
    SEASONS_BLANK = "seasons_blank"
    SEASON_NULL_WORD = "season_null_word"
    ORDER_TYPE_MISSING = "order_type_missing"
    ORDER_TYPE_UNLISTED = "order_type_unlisted"
    GUARDED_ORDER_TYPE = "guarded_order_type"
    GUARDED_UNIT = "guarded_unit"
    LONG_LABEL = "long_label"
    CANCELLED_CASE = "cancelled_case"
    # sizes
    NUMERIC_COLOUR_CODE = "numeric_colour_code"
    LOOKALIKE_SIZES = "lookalike_sizes"
    MANY_SIZES = "many_sizes"
    ZERO_SIZES = "zero_sizes"
    ZERO_TOTAL = "zero_total"
    HUGE_QUANTITY = "huge_quantity"
    SIZES_SUM = "sizes_sum"
    TOTAL_MISSING = "total_missing"
    NEGATIVE_SIZE = "negative_size"
    NO_SIZES = "no_sizes"
    SEVERAL_FAULTS = "several_faults"


DUPLICATES = (
    Dirt.DUPLICATE_KEY,
    Dirt.DUPLICATE_KEY_CASE,
    Dirt.DUPLICATE_KEY_SPACES,
    Dirt.DUPLICATE_KEY_UNICODE,
)
PAIRS = frozenset({*DUPLICATES, Dirt.NEAR_DUPLICATE_KEY, Dirt.SAME_ITEM_NAME})
"""Kinds that need a row and the next one."""

# At 3 % of dirt about 1 row in 100 shares its key with another and 1 in 400 is blank, as in the real table.
WEIGHTED: tuple[Dirt, ...] = tuple(Dirt) * 2 + DUPLICATES * 7 + (Dirt.BLANK_ROW,) * 14
