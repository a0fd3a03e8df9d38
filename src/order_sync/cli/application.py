"""The program: its own options, its commands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer

from order_sync import __version__
from order_sync.cli.canary import canary
from order_sync.cli.check import check
from order_sync.cli.demo import demo
from order_sync.cli.drill import drill
from order_sync.cli.errors import errors
from order_sync.cli.exits import ExitCode, code_of
from order_sync.cli.flags import Command, Group
from order_sync.cli.init import init
from order_sync.cli.plan import plan
from order_sync.cli.retry import retry
from order_sync.cli.run import run
from order_sync.cli.sample_data import demo_data
from order_sync.cli.schema import schema
from order_sync.cli.session import Session, close_log, open_log
from order_sync.cli.simulator import simulator
from order_sync.cli.snapshot import snapshot
from order_sync.cli.status import status
from order_sync.cli.terminal import Terminal, prepare_streams
from order_sync.cli.verify import verify
from order_sync.model.errors import Halted, OrderSyncError, UsageError
from order_sync.settings import SETTINGS_FILE

SET_UP, WORK, LOOK, TRY = "Set up", "Work", "Look", "Try it out"
_NO_ACCESS = (PermissionError, FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError)
_SENDING = ("run", "retry")
_DEBUG = "ORDER_SYNC_DEBUG"


class _Program(Group):
    """Turns whatever a command raises into what, where and next, and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except OrderSyncError as error:
            Terminal().error(error)
            _trace(ctx)
            raise typer.Exit(code_of(error)) from None
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            Terminal().note(("stopped: ", "bold yellow"), "what was done is kept; the same command goes on from here")
            raise typer.Exit(ExitCode.HALTED) from None
        except Exception as error:
            if type(error).__module__.startswith("typer."):
                raise
            problem = _no_access(ctx, error) or _unexpected(error)
            Terminal().error(problem)
            _trace(ctx)
            raise typer.Exit(code_of(problem)) from None


def _trace(ctx: Any) -> None:
    session = ctx.find_object(Session)
    if (session is not None and session.debug) or os.environ.get(_DEBUG):
        traceback.print_exc(file=sys.stderr)


def _no_access(ctx: Any, error: Exception) -> OrderSyncError | None:
    """A place that cannot be read or written; where orders may have been sent before that, it is a halt."""
    if not isinstance(error, _NO_ACCESS) or error.filename is None:
        return None
    kind = Halted if ctx.invoked_subcommand in _SENDING else UsageError
    return kind(
        f"a file or folder cannot be used: {error.strerror}",
        where=str(error.filename),
        next_step="name another place, or let this user read and write there",
    )


def _unexpected(error: Exception) -> OrderSyncError:
    """A fault of ours: short, with the way to the whole story."""
    return OrderSyncError(
        f"something unexpected went wrong: {type(error).__name__}: {error}",
        next_step="what was recorded is kept; order-sync --debug .. prints the whole story, which we should see",
    )


app = typer.Typer(
    name="order-sync",
    cls=_Program,
    help="Moves orders from a SQL table to a monday.com board: none lost, none twice, none half.",
    epilog="Exit codes: 0 done, 1 some rows need attention, 2 wrong use or configuration, 3 halted.",
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(wanted: bool) -> None:
    if wanted:
        Terminal().raw(f"order-sync {__version__}\n")
        raise typer.Exit


@app.callback()
def program(
    ctx: typer.Context,
    config: Annotated[
        Path,
        typer.Option("--config", metavar="FILE", envvar="ORDER_SYNC_CONFIG", help="The settings file."),
    ] = Path(SETTINGS_FILE),
    profile: Annotated[
        str,
        typer.Option("--profile", metavar="NAME", envvar="ORDER_SYNC_PROFILE", help="A profile of the settings file."),
    ] = "",
    log: Annotated[
        Path | None,
        typer.Option("--log", metavar="FILE", help="Append every event to this file, one line of JSON each."),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", envvar=_DEBUG, help="Print the traceback of an error too.")] = False,
    _show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Moves orders from a SQL table to a monday.com board: none lost, none twice, none half."""
    prepare_streams()
    session = Session(config, profile, debug)
    ctx.obj = session
    if log is not None:
        session.log = open_log(log)
        ctx.call_on_close(lambda: close_log(session.log) if session.log is not None else None)


for _panel, _name, _command in (
    (WORK, "plan", plan),
    (WORK, "run", run),
    (WORK, "retry", retry),
    (LOOK, "status", status),
    (LOOK, "errors", errors),
    (LOOK, "verify", verify),
    (SET_UP, "init", init),
    (SET_UP, "check", check),
    (SET_UP, "canary", canary),
    (TRY, "demo", demo),
    (TRY, "drill", drill),
    (TRY, "demo-data", demo_data),
    (TRY, "simulator", simulator),
):
    app.command(_name, cls=Command, rich_help_panel=_panel)(_command)
app.add_typer(schema, rich_help_panel=SET_UP)
app.add_typer(snapshot, rich_help_panel=SET_UP)


def main() -> None:
    """The program `order-sync`."""
    prepare_streams()
    app(prog_name="order-sync")
