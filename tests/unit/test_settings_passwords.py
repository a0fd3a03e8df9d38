"""The passwords of the databases' logins: from the environment or a mounted file, and in no text of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from order_sync.model.errors import SettingsError
from order_sync.settings import (
    PASSWORD_VARIABLE,
    SOURCE_PASSWORD_VARIABLE,
    Settings,
    load_password,
    load_settings,
    load_source_password,
)
from order_sync.store import sqlserver_url

CANARY = "canary 50%"


def load(folder: Path, *lines: str) -> Settings:
    path = folder / "order-sync.toml"
    path.write_text("\n".join(["[database]", 'url = "mssql://worker@server/orders"', *lines]), encoding="utf-8")
    return load_settings(path, environment={})


def test_none_is_needed(tmp_path: Path) -> None:
    assert load_password(load(tmp_path), {}) is None
    assert load_source_password(load(tmp_path), {}) is None


def test_from_the_variable_that_the_engine_names(tmp_path: Path) -> None:
    assert load_password(load(tmp_path), {PASSWORD_VARIABLE: CANARY}) == CANARY
    assert sqlserver_url.PASSWORD_VARIABLE == PASSWORD_VARIABLE


def test_from_a_mounted_file_and_the_variable_wins(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"\ufeff{CANARY}\r\n", encoding="utf-8")
    settings = load(tmp_path, 'password_file = "secret"')
    assert load_password(settings, {}) == CANARY
    assert load_password(settings, {PASSWORD_VARIABLE: "other"}) == "other"


def test_a_file_that_is_not_there_is_named_with_its_entry(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="the password file cannot be read") as told:
        load_password(load(tmp_path, 'password_file = "gone"'), {})
    assert told.value.where == str(tmp_path.resolve() / "gone")
    assert "database.password_file" in str(told.value.next_step)
    with pytest.raises(SettingsError, match="the source password file") as told:
        load_source_password(load(tmp_path, 'source_password_file = "gone"'), {})
    assert "database.source_password_file" in str(told.value.next_step)


def test_the_variables_are_no_entries_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "order-sync.toml"
    file.write_text("", encoding="utf-8")
    given = {PASSWORD_VARIABLE: CANARY, SOURCE_PASSWORD_VARIABLE: CANARY}
    assert load_settings(file, environment=given) == load_settings(file, environment={})


@pytest.mark.parametrize(
    ("source", "environment", "expected"),
    [
        ("", {PASSWORD_VARIABLE: "ours"}, "ours"),
        ("mssql://reader@server/erp", {PASSWORD_VARIABLE: "ours"}, "ours"),
        ("mssql://reader@server/erp", {PASSWORD_VARIABLE: "ours", SOURCE_PASSWORD_VARIABLE: "theirs"}, "theirs"),
        ("mssql://reader:in-the-url@server/erp", {PASSWORD_VARIABLE: "ours"}, None),
        ("mssql://reader:in-the-url@server/erp", {SOURCE_PASSWORD_VARIABLE: "theirs"}, "theirs"),
        ("sqlite:///source.db", {PASSWORD_VARIABLE: "ours", SOURCE_PASSWORD_VARIABLE: "theirs"}, None),
    ],
)
def test_the_login_of_the_source(
    tmp_path: Path, source: str, environment: dict[str, str], expected: str | None
) -> None:
    assert load_source_password(load(tmp_path, f'source_url = "{source}"'), environment) == expected


def test_a_file_has_no_password(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path)
    assert load_password(settings, {PASSWORD_VARIABLE: CANARY}) is None


def test_settings_that_are_shown_do_not_show_it(tmp_path: Path) -> None:
    path = tmp_path / "order-sync.toml"
    path.write_text(f'[database]\nurl = "mssql://u:{CANARY}@h/d"\nsource_url = "mssql://u:{CANARY}@h/d"', "utf-8")
    settings = load_settings(path, environment={})
    assert CANARY not in f"{settings!r} {settings} {settings.database!r}"
