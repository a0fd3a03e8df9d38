"""order-sync.toml and the environment as types. Secrets come from the environment or a mounted file."""

from __future__ import annotations

import os
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from order_sync.model.breaker import Rules
from order_sync.model.errors import SettingsError, TokenMissing
from order_sync.project_files import read_text
from order_sync.settings_problems import settings_problems

SETTINGS_FILE = "order-sync.toml"
ENV_PREFIX = "ORDER_SYNC_"
TOKEN_VARIABLE = "ORDER_SYNC_TOKEN"  # noqa: S105 - a variable's name
PASSWORD_VARIABLE = "ORDER_SYNC_DATABASE_PASSWORD"  # noqa: S105 - a variable's name
SOURCE_PASSWORD_VARIABLE = "ORDER_SYNC_SOURCE_PASSWORD"  # noqa: S105 - a variable's name

_FILE = "sqlite:"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Seconds = Annotated[float, Field(ge=0)]


class Database(_Part):
    """Where our tables and the source are. `source_url` empty: the same database."""

    url: Annotated[str, Field(repr=False)] = "sqlite:///order_sync.db"
    source_url: Annotated[str, Field(repr=False)] = ""
    password_file: str = ""  # a mounted secret; the environment variable wins
    source_password_file: str = ""  # that of source_url; empty: the same as url's
    schema_name: Annotated[str, Field(alias="schema", pattern=r"^[^.\[\]]+$")] = (
        "dbo"  # SQL Server only; no dot or bracket
    )
    busy_timeout: Seconds = 10.0


class Monday(_Part):
    url: str = "https://api.monday.com/v2"
    api_version: str = "2026-10"
    token_file: str = ""  # a mounted secret; the environment variable wins
    known_creators: list[str] = Field(default_factory=list)  # user ids whose keyed items are ours too


class Times(_Part):
    """Every time of the send protocol, in seconds, before `scale`. The quarantine is always computed from them."""

    scale: Annotated[float, Field(gt=0)] = 1.0
    send_deadline: Seconds = 10.0  # D: from before the intent to the first byte
    server_apply: Seconds = 120.0  # T: how late after sending the server may still apply
    visibility: Seconds = 60.0  # L: how late after applying a look-up may still miss it
    quarantine_margin: Seconds = 10.0
    server_timeout: Seconds = 60.0
    read_timeout: Seconds = 75.0
    connect_timeout: Seconds = 10.0
    second_proof: Seconds = 30.0
    lease_ttl: Seconds = 60.0
    lease_beat: Seconds = 15.0
    settle_wait: Seconds = 90.0  # how much longer than the quarantine a run waits for rows that can still settle
    breaker_pause: Seconds = 60.0  # how long a board that fails is left alone at first, then twice as long
    breaker_longest: Seconds = 300.0  # the longest of these pauses
    early_polls: tuple[Seconds, ...] = (2.0, 10.0, 60.0)

    def of(self, name: str) -> timedelta:
        """One of the times above, scaled."""
        return timedelta(seconds=cast(float, getattr(self, name)) * self.scale)

    @property
    def quarantine(self) -> timedelta:
        """Q: how long after the doubt arose an answer "absent" is first believed (reliability: Q >= D + T + L)."""
        total = self.send_deadline + self.server_apply + self.visibility + self.quarantine_margin
        return timedelta(seconds=total * self.scale)

    @property
    def quiet(self) -> timedelta:
        """How long a board gets no mutation after a lost answer: the send deadline and the server's own timeout."""
        return timedelta(seconds=(self.send_deadline + self.server_timeout) * self.scale)

    @property
    def polls(self) -> tuple[timedelta, ...]:
        return tuple(timedelta(seconds=seconds * self.scale) for seconds in self.early_polls)


class Sending(_Part):
    batch_size: Annotated[int, Field(ge=1, le=25)] = 25  # mutations a request
    wave: Annotated[int, Field(ge=1, le=100)] = 25  # orders whose items and sizes go together
    max_retries: Annotated[int, Field(ge=0, le=20)] = 3
    lanes: Annotated[int, Field(ge=1, le=8)] = 1
    server_time_limit: Seconds = 25.0  # predicted seconds of server time a request may take
    wait_for_lease: bool = False
    daily_reserve: Annotated[float, Field(ge=0, lt=1)] = 0.05  # share of the day's calls kept for settling doubts
    breaker_openings: Annotated[int, Field(ge=1)] = 3  # pauses for a failing board, nothing made between, before a halt


class Sweeping(_Part):
    keep_days: Annotated[int, Field(ge=0)] = 0  # 0: promoted rows are archived at the end of their batch


class Canary(_Part):
    folder: str = "."  # where results are kept, and looked for by check
    max_age_days: Annotated[int, Field(ge=1)] = 90


class Settings(_Part):
    """All of order-sync.toml, one profile applied."""

    folder: Path = Path()  # where the file stands; relative paths start here
    profile: str = ""
    mapping: str = "mapping.yaml"
    snapshot: str = "ORDERS_UNIFIED_SNAPSHOT.parquet"
    database: Database = Database()
    monday: Monday = Monday()
    times: Times = Times()
    sending: Sending = Sending()
    sweeping: Sweeping = Sweeping()
    canary: Canary = Canary()

    def path(self, name: str) -> Path:
        """A file named in the settings, relative to the settings file's folder."""
        return (self.folder / name) if not Path(name).is_absolute() else Path(name)

    @property
    def breaker_rules(self) -> Rules:
        """When a board is left alone, and for how long."""
        return Rules(self.times.of("breaker_pause"), self.times.of("breaker_longest"), self.sending.breaker_openings)

    @property
    def database_url(self) -> str:
        return self._resolved(self.database.url)

    @property
    def source_url(self) -> str:
        return self._resolved(self.database.source_url or self.database.url)

    def _resolved(self, url: str) -> str:
        """A relative SQLite file is meant from the settings file's folder, not from wherever a scheduler starts us."""
        prefix = "sqlite:///"
        if not url.startswith(prefix) or ":memory:" in url or Path(url[len(prefix) :]).is_absolute():
            return url
        return prefix + (self.folder / url[len(prefix) :]).resolve().as_posix()


def load_settings(file: Path, profile: str = "", environment: dict[str, str] | None = None) -> Settings:
    """Read the file, apply `[profiles.<profile>]`, then ORDER_SYNC_SECTION__KEY variables. Raises SettingsError naming
    every problem."""
    environment = dict(os.environ) if environment is None else environment
    text = read_text(file, "settings file", SettingsError, or_else="name another with --config")
    raw = _parse(text, file)
    profiles = cast(dict[str, dict[str, Any]], raw.pop("profiles", {}))
    profile = profile or environment.get(f"{ENV_PREFIX}PROFILE", "")
    if profile:
        if profile not in profiles:
            known = ", ".join(sorted(profiles)) or "none"
            raise SettingsError(
                f"there is no profile {profile!r}", where=str(file), next_step=f"known profiles: {known}"
            )
        raw = _merged(raw, profiles[profile])
    given, variables = _from_environment(environment)
    raw = _merged(raw, given)
    try:
        return Settings(**{**raw, "folder": file.resolve().parent, "profile": profile})
    except ValidationError as error:
        lines = settings_problems(error, Settings, text, file.name, profile, variables)
        raise SettingsError(
            "the settings are wrong:\n  - " + "\n  - ".join(lines),
            where=str(file),
            next_step="correct these entries; `order-sync init` writes a commented file to compare with",
        ) from None


def load_token(settings: Settings, environment: dict[str, str] | None = None) -> str:
    """The API token from the environment or the mounted file. Raises TokenMissing when none was given, SettingsError
    when it cannot be read."""
    token = _secret(settings, TOKEN_VARIABLE, settings.monday.token_file, "token", environment)
    if not token:
        # A file that is named and empty is a mistake; no token at all is how a project begins.
        kind = SettingsError if settings.monday.token_file else TokenMissing
        raise kind(
            "no monday.com API token was given",
            where=f"environment variable {TOKEN_VARIABLE}, or monday.token_file",
            next_step=f"set {TOKEN_VARIABLE} to the token of a user who may edit the board",
        )
    return token


def load_password(settings: Settings, environment: dict[str, str] | None = None) -> str | None:
    """The password of the login in `database.url`; None where none was given, which is right for many logins."""
    if settings.database_url.startswith(_FILE):
        return None
    place = settings.database.password_file
    return _secret(settings, PASSWORD_VARIABLE, place, "database.password", environment) or None


def load_source_password(settings: Settings, environment: dict[str, str] | None = None) -> str | None:
    """That of `database.source_url`. Where none of its own was given: the one in that url, else that of `url`."""
    if settings.source_url.startswith(_FILE):
        return None
    place = settings.database.source_password_file
    own = _secret(settings, SOURCE_PASSWORD_VARIABLE, place, "database.source_password", environment)
    return own or (load_password(settings, environment) if not _holds_password(settings.database.source_url) else None)


def _holds_password(url: str) -> bool:
    user, at, _ = url.partition("://")[2].rpartition("@")
    return bool(at) and ":" in user


def _secret(settings: Settings, variable: str, file: str, what: str, environment: dict[str, str] | None) -> str:
    """From the variable, else from the file; empty where neither was given."""
    environment = dict(os.environ) if environment is None else environment
    secret = environment.get(variable, "").strip()
    if secret or not file:
        return secret
    path = settings.path(file)
    try:
        return path.read_bytes().decode("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        section, _, name = what.rpartition(".")
        raise SettingsError(
            f"the {name.replace('_', ' ')} file cannot be read: {why}",
            where=str(path),
            next_step=f"mount it or correct {section or 'monday'}.{name}_file",
        ) from None


def _parse(text: str, file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"the settings file is not TOML: {error}", where=str(file), next_step="correct that line"
        ) from None


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in over.items():
        old = result.get(key)
        result[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result


def _from_environment(environment: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """ORDER_SYNC_DATABASE__URL -> {"database": {"url": ..}}, and entry -> variable. Only names that are settings; the
    token is not one."""
    found: dict[str, Any] = {}
    variables: dict[str, str] = {}
    sections = {name: field.annotation for name, field in Settings.model_fields.items()}
    for variable, value in environment.items():
        if not variable.startswith(ENV_PREFIX):
            continue
        section, _, key = variable[len(ENV_PREFIX) :].lower().partition("__")
        if section in sections and section not in ("folder", "profile"):
            variables[f"{section}.{key}" if key else section] = variable
            if key:
                found.setdefault(section, {})[key] = value
            else:
                found[section] = value
    return found, variables
