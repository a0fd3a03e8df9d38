"""order-sync.toml, its profiles and the environment: everything wrong is named, and everything computed stays so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_sync.model.errors import SettingsError
from order_sync.settings import TOKEN_VARIABLE, Settings, Times, load_settings, load_token

WHOLE = """
mapping = "maps/mapping.yaml"
snapshot = "snap.parquet"
[database]
url = "sqlite:///data/orders.db"
source_url = "sqlite:///source.db"
schema = "sales"
busy_timeout = 2.5
[monday]
url = "http://127.0.0.1:8765/v2"
token_file = "token.txt"
known_creators = ["5", "6"]
[times]
scale = 0.5
send_deadline = 20
early_polls = [1, 2]
[sending]
batch_size = 10
[profiles.live.database]
url = "mssql+mssqlpython://server/orders"
[profiles.live.sending]
wave = 50
"""


def written(folder: Path, text: str = WHOLE, encoding: str = "utf-8") -> Path:
    path = folder / "order-sync.toml"
    path.write_bytes(text.encode(encoding))
    return path


def load(folder: Path, text: str = WHOLE, profile: str = "", **environment: str) -> Settings:
    return load_settings(written(folder, text), profile, environment)


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    settings = load(tmp_path, "")
    assert settings == Settings(folder=tmp_path.resolve())
    assert settings.monday.url == "https://api.monday.com/v2"


def test_every_entry_is_read(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert (settings.mapping, settings.database.schema_name, settings.database.busy_timeout) == (
        "maps/mapping.yaml", "sales", 2.5,
    )  # fmt: skip
    assert settings.monday.known_creators == ["5", "6"]
    assert (settings.sending.batch_size, settings.sending.wave) == (10, 25)


def test_a_profile_lies_over_the_rest(tmp_path: Path) -> None:
    settings = load(tmp_path, profile="live")
    assert settings.profile == "live"
    assert settings.database_url == "mssql+mssqlpython://server/orders"
    assert settings.database.schema_name == "sales"
    assert (settings.sending.batch_size, settings.sending.wave) == (10, 50)


def test_the_environment_may_name_the_profile(tmp_path: Path) -> None:
    assert load(tmp_path, ORDER_SYNC_PROFILE="live").sending.wave == 50


def test_an_unknown_profile_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no profile 'test'") as refusal:
        load(tmp_path, profile="test")
    assert "known profiles: live" in str(refusal.value)
    with pytest.raises(SettingsError, match="known profiles: none"):
        load(tmp_path, "", profile="live")


@pytest.mark.parametrize(
    ("variable", "value", "path", "expected"),
    [
        ("ORDER_SYNC_MAPPING", "other.yaml", "mapping", "other.yaml"),
        ("ORDER_SYNC_DATABASE__URL", "sqlite:///x.db", "database.url", "sqlite:///x.db"),
        ("ORDER_SYNC_DATABASE__SCHEMA", "other", "database.schema_name", "other"),
        ("ORDER_SYNC_TIMES__SCALE", "0.01", "times.scale", 0.01),
        ("ORDER_SYNC_SENDING__WAIT_FOR_LEASE", "true", "sending.wait_for_lease", True),
        ("ORDER_SYNC_SENDING__WAVE", "7", "sending.wave", 7),
    ],
)
def test_the_environment_lies_over_the_file(
    tmp_path: Path, variable: str, value: str, path: str, expected: Any
) -> None:
    found: Any = load(tmp_path, **{variable: value})
    for name in path.split("."):
        found = getattr(found, name)
    assert found == expected


@pytest.mark.parametrize("name", [TOKEN_VARIABLE, "ORDER_SYNC_CONFIG", "ORDER_SYNC_FOLDER", "ORDER_SYNC_DEBUG", "PATH"])
def test_other_variables_are_no_settings(tmp_path: Path, name: str) -> None:
    assert load(tmp_path, **{name: "x"}) == load(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("maping = 'x'", "maping: "),
        ("[databse]", "databse: "),
        ("[database]\nurll = 'x'", "database.urll: "),
        ("[database]\nbusy_timeout = -1", "database.busy_timeout: "),
        ("[sending]\nbatch_size = 26", "sending.batch_size: "),
        ("[sending]\nbatch_size = 'many'", "sending.batch_size: "),
        ("[sending]\nmax_retries = 21\nlanes = 0", "sending.lanes: "),
        ("[times]\nscale = 0", "times.scale: "),
        ("[times]\nearly_polls = [1, -1]", "times.early_polls.1: "),
        ("[sweeping]\nkeep_days = 1.5", "sweeping.keep_days: "),
        ("database = 'sqlite:///x.db'", "database: "),
    ],
)
def test_every_wrong_entry_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(tmp_path, text)
    line = len(text.splitlines())
    assert f"  - order-sync.toml:{line}: {said}" in str(refusal.value)
    assert (refusal.value.where, "order-sync init" in str(refusal.value)) == (str(tmp_path / "order-sync.toml"), True)


def refusal_of(folder: Path, text: str, profile: str = "", **environment: str) -> str:
    with pytest.raises(SettingsError) as refusal:
        load(folder, text, profile, **environment)
    return str(refusal.value)


def test_a_typing_error_is_told_with_the_name_that_was_meant(tmp_path: Path) -> None:
    meant = "sending.batchsize: there is no such entry (did you mean 'batch_size'?)"
    assert f"order-sync.toml:2: {meant}" in refusal_of(tmp_path, "[sending]\nbatchsize = 25")
    assert "there is no such entry (did you mean 'schema'?)" in refusal_of(tmp_path, "[database]\nshema = 'x'")
    text = "[sending]\nwave = 1\n[profiles.live.sending]\nwave = 200"
    assert "order-sync.toml:4: sending.wave: " in refusal_of(tmp_path, text, "live")
    assert refusal_of(tmp_path, "[sending]\nwave = 200").endswith("compare with")
    assert ', found "200"' in refusal_of(tmp_path, "[sending]\nwave = 200")


def test_a_wrong_variable_is_blamed_and_not_the_file(tmp_path: Path) -> None:
    told = refusal_of(tmp_path, "", ORDER_SYNC_SENDING__LANE="2")
    assert "  - ORDER_SYNC_SENDING__LANE: sending.lane: there is no such entry (did you mean 'lanes'?)" in told


def test_an_address_with_a_password_is_not_repeated(tmp_path: Path) -> None:
    assert "secret" not in refusal_of(tmp_path, "database = 'mssql://me:secret@server/orders'")


def test_all_of_them_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(
            tmp_path, "a = 1\n[sending]\nwave = 0\nlanes = 9\n[times]\nscale = -1", ORDER_SYNC_SENDING__MAX_RETRIES="x"
        )
    assert str(refusal.value).count("\n  - ") == 5


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no settings file") as refusal:
        load_settings(tmp_path / "nowhere.toml", environment={})
    assert "order-sync init" in str(refusal.value)


def test_a_file_that_is_not_toml(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"not TOML: .*line 2"):
        load(tmp_path, "mapping = 'x'\nthis is not it\n")


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_settings(written(tmp_path, "mapping = 'Größe'", "cp1252"), environment={})


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeffmapping = 'Größe.yaml'")
    assert load_settings(path, environment={}).mapping == "Größe.yaml"


def test_the_environment_of_the_process_is_asked_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDER_SYNC_MAPPING", "from-outside.yaml")
    monkeypatch.setenv(TOKEN_VARIABLE, " abc ")
    settings = load_settings(written(tmp_path))
    assert settings.mapping == "from-outside.yaml"
    assert load_token(settings) == "abc"


# --- paths ---


def test_relative_files_are_meant_from_the_folder_of_the_settings(tmp_path: Path) -> None:
    settings = load(tmp_path)
    folder = tmp_path.resolve().as_posix()
    assert settings.database_url == f"sqlite:///{folder}/data/orders.db"
    assert settings.source_url == f"sqlite:///{folder}/source.db"
    assert settings.path(settings.mapping) == tmp_path.resolve() / "maps/mapping.yaml"


def test_absolute_files_and_other_databases_stay_as_they_are(tmp_path: Path) -> None:
    absolute = (tmp_path / "x.db").resolve()
    settings = load(tmp_path, f"[database]\nurl = 'sqlite:///{absolute.as_posix()}'\n")
    assert settings.database_url == f"sqlite:///{absolute.as_posix()}"
    assert settings.path(str(absolute)) == absolute
    assert load(tmp_path, "[database]\nurl = 'sqlite:///:memory:'\n").database_url == "sqlite:///:memory:"


def test_the_source_is_in_the_same_database_unless_it_is_named(tmp_path: Path) -> None:
    settings = load(tmp_path, "[database]\nurl = 'sqlite:///one.db'\n")
    assert settings.source_url == settings.database_url


# --- times ---


def test_the_quarantine_is_computed_and_scaled(tmp_path: Path) -> None:
    assert Times().quarantine == timedelta(seconds=200)
    assert Times().quiet == timedelta(seconds=70)
    times = load(tmp_path).times
    assert times.quarantine == timedelta(seconds=(20 + 120 + 60 + 10) * 0.5)
    assert times.quiet == timedelta(seconds=(20 + 60) * 0.5)
    assert times.of("second_proof") == timedelta(seconds=15)
    assert times.polls == (timedelta(seconds=0.5), timedelta(seconds=1))


def test_the_quarantine_cannot_be_set(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"times\.quarantine"):
        load(tmp_path, "[times]\nquarantine = 1\n")


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0.001, 1e3))
def test_the_quarantine_is_never_shorter_than_its_parts(d: float, t: float, late: float, scale: float) -> None:
    times = Times(send_deadline=d, server_apply=t, visibility=late, scale=scale)
    assert times.quarantine >= timedelta(seconds=(d + t + late) * scale)


# --- the token ---


@pytest.mark.parametrize("text", ["abc", "abc\n", "\ufeffabc", "  abc\r\n"])
def test_a_token_from_a_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "token.txt").write_text(text, encoding="utf-8")
    assert load_token(load(tmp_path), {}) == "abc"


def test_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text("from the file", encoding="utf-8")
    assert load_token(load(tmp_path), {TOKEN_VARIABLE: "from outside"}) == "from outside"


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_token_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "token.txt").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"no monday\.com API token") as refusal:
        load_token(load(tmp_path), {TOKEN_VARIABLE: text})
    assert TOKEN_VARIABLE in str(refusal.value)


def test_a_token_file_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text("abc", encoding="utf-16")
    with pytest.raises(SettingsError, match="cannot be read: it is not UTF-8"):
        load_token(load(tmp_path), {})


def test_a_token_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="token file cannot be read") as refusal:
        load_token(load(tmp_path), {})
    assert str(tmp_path / "token.txt") in str(refusal.value)
