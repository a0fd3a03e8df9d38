"""Reading the files that a person writes: settings, mapping, customers."""

from __future__ import annotations

from pathlib import Path

from order_sync.model.errors import OrderSyncError

NAMED_IN_SETTINGS = "correct its name in order-sync.toml"


def read_text(path: Path, what: str, error_type: type[OrderSyncError], *, or_else: str = NAMED_IN_SETTINGS) -> str:
    """The whole file as text, without a byte-order mark.

    `what` is its name in a sentence, `or_else` what to do where another file was meant.
    Raises error_type for a file that is missing, not readable or not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise error_type(
            f"there is no {what}", where=str(path), next_step=f"run `order-sync init`, or {or_else}"
        ) from None
    except OSError as error:
        raise error_type(
            f"the {what} cannot be read: {error.strerror}",
            where=str(path),
            next_step=f"let this user read it, or {or_else}",
        ) from None
    except UnicodeDecodeError as error:
        raise error_type(
            f"the {what} is not UTF-8 (byte {error.start})", where=str(path), next_step="save it as UTF-8"
        ) from None
