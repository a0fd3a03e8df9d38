"""email, phone and link."""

from __future__ import annotations

import re
from typing import Any

from monday_simulator.account.state import Column
from monday_simulator.account.values.countries import CALLING_CODES, COUNTRIES
from monday_simulator.account.values.target import Target

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_PUNCTUATION = str.maketrans("", "", " ()-.")
DIGITS_MIN, DIGITS_MAX = 5, 15


def parse_email(target: Target, raw: object) -> dict[str, str] | None:
    """Both the address and its text are required."""
    if isinstance(raw, str):
        address, _, text = raw.strip().partition(" ")
        return _email(target, address, text.strip()) if address else None
    given = target.record(raw)
    address, text = target.text(given, "email"), target.text(given, "text")
    return _email(target, address, text) if address or text else None


def _email(target: Target, address: str, text: str) -> dict[str, str]:
    if not text:
        raise target.refuse("an email column takes an address and a text")
    if not _EMAIL.fullmatch(address):
        raise target.refuse("not an email address")
    return {"email": address, "text": text}


def email_text(_: Column, stored: Any) -> str:
    """The text that stands before the address is left out where both are the same (D)."""
    address, label = stored["email"], stored["text"]
    return str(address) if label == address else f"{label} - {address}"


def parse_phone(target: Target, raw: object) -> dict[str, str] | None:
    if isinstance(raw, str):
        number, _, country = raw.strip().rpartition(" ")
        return _phone(target, number, country) if raw.strip() else None
    given = target.record(raw)
    number, country = target.text(given, "phone"), target.text(given, "countryShortName")
    return _phone(target, number, country) if number or country else None


def _phone(target: Target, number: str, country: str) -> dict[str, str]:
    """As many digits as a number has in E.164, and its country's code after a plus: the service knows more (D)."""
    if country not in COUNTRIES:
        raise target.refuse("countryShortName is a two-letter country code in capital letters")
    plain = number.translate(_PUNCTUATION)
    digits = plain.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and DIGITS_MIN <= len(digits) <= DIGITS_MAX):
        raise target.refuse("not a phone number")
    if plain.startswith("+") and not digits.startswith(CALLING_CODES.get(country, "")):
        raise target.refuse("the phone number is not one of its country")
    return {"phone": number, "countryShortName": country}


def phone_text(_: Column, stored: Any) -> str:
    return str(stored["phone"])


def parse_link(target: Target, raw: object) -> dict[str, str] | None:
    """As one text both address and text are required; as an object the text may be left out."""
    if isinstance(raw, str):
        url, _, text = raw.strip().partition(" ")
        if url and not text:
            raise target.refuse("a link column takes an address and a text")
        return _link(target, url, text.strip()) if url else None
    given = target.record(raw)
    url, text = target.text(given, "url"), target.text(given, "text")
    return _link(target, url, text) if url or text else None


def _link(target: Target, url: str, text: str) -> dict[str, str]:
    if not _URL.fullmatch(url):
        raise target.refuse("an address begins with http:// or https://")
    return {"url": url, "text": text}


def link_text(_: Column, stored: Any) -> str:
    return f"{stored['text']} - {stored['url']}"
