"""What the options before the command say, for every command."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import structlog
import typer

from order_sync.cli.terminal import Terminal
from order_sync.events import Events, Listener, log_listener
from order_sync.model.errors import SettingsError
from order_sync.wiring import Project, load_project


@dataclass
class Session:
    """One call of the program."""

    config: Path
    profile: str = ""
    debug: bool = False
    log: TextIO | None = None
    terminal: Terminal = field(default_factory=Terminal)

    def project(self) -> Project:
        """Settings, mapping and customers; every problem of a file at once."""
        return load_project(self.config, self.profile)

    def events(self, *listeners: Listener) -> Events:
        """The log, where one is kept, and whoever else listens."""
        return Events(*([log_listener] if self.log is not None else []), *listeners)


def session_of(ctx: typer.Context) -> Session:
    """The session that the program's own options have made."""
    session = ctx.find_object(Session)
    if session is None:
        raise TypeError("a command was called without the program's own options")
    return session


def open_log(file: Path) -> TextIO:
    """Appends each event as one line of JSON in UTF-8. SettingsError where that cannot be."""
    try:
        stream = file.open("a", encoding="utf-8", newline="\n", buffering=1)
    except OSError as error:
        raise SettingsError(
            f"the log cannot be written: {error.strerror}",
            where=str(file),
            next_step="name another --log FILE",
        ) from None
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
        logger_factory=structlog.WriteLoggerFactory(stream),
        wrapper_class=structlog.BoundLogger,
    )
    return stream


def close_log(stream: TextIO) -> None:
    """Nothing more is logged."""
    structlog.reset_defaults()
    stream.close()
