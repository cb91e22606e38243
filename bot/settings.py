"""Every environment variable, once. With none of them set the bot runs on this machine alone.

An empty variable counts as unset, so that a `.env` made from a template works as it is.
"""

import os
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from flywheel.errors import ConfigurationError
from flywheel.wiring import ModelServer, Plan

_TOKEN_FILE = "api_token"  # noqa: S105 - the name of the file, not a secret


def _two_prices(text: str | None) -> str | None:
    if text is not None and not re.fullmatch(r"\d+(\.\d+)?/\d+(\.\d+)?", text.strip()):
        raise ValueError("must be US dollars per million prompt and completion tokens, such as 0.15/0.60")
    return text


def _known_judges(text: str) -> str:
    names = {one.strip() for one in text.split(",")}
    if names != {"none"} and not names <= {"model", "ragas"}:
        raise ValueError("must be none, model, ragas, or model,ragas")
    return text


class Settings(BaseSettings):
    """The doors of configuration."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    flywheel_home: Path = Path(".flywheel")
    database_url: str | None = None
    chroma_url: str | None = None
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_config_token: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    openai_model: str | None = None
    flywheel_model_prices: Annotated[str | None, AfterValidator(_two_prices)] = None
    flywheel_judges: Annotated[str, AfterValidator(_known_judges)] = "model"
    flywheel_judge_calls: int = Field(default=300, ge=0)
    flywheel_ragas_python: str | None = None
    flywheel_embedder: str | None = None
    flywheel_cross_encoder: str | None = None
    flywheel_report_channel: str | None = None
    flywheel_admins: str = ""
    flywheel_api_token: SecretStr | None = None
    flywheel_timezone: str | None = None
    flywheel_url: str | None = None
    flywheel_log: Literal["text", "json"] = "text"
    otel_exporter_otlp_endpoint: str | None = None
    flywheel_reactions: dict[str, Literal["up", "down"]] = Field(default_factory=dict)
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=0, le=65535)

    @classmethod
    def read(cls) -> Self:
        """Read the environment and `.env`.

        Raises:
            ConfigurationError: a variable has a value it cannot have; the message names it.
        """
        try:
            return cls()
        except SettingsError as error:
            raise ConfigurationError('FLYWHEEL_REACTIONS is not JSON such as {"rocket": "up"}') from error
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0]).upper() if first["loc"] else "a variable"
            raise ConfigurationError(f"{name}: {first['msg']}") from error

    @property
    def home(self) -> Path:
        """Return the data folder, absolute."""
        return self.flywheel_home.expanduser().resolve()

    @property
    def database(self) -> str:
        """Return the SQLAlchemy URL; Postgres URLs without a driver get psycopg."""
        if self.database_url is None:
            return f"sqlite:///{self.home / 'flywheel.db'}"
        for short in ("postgres://", "postgresql://"):
            if self.database_url.startswith(short):
                return "postgresql+psycopg://" + self.database_url.removeprefix(short)
        return self.database_url

    @property
    def admins(self) -> frozenset[str]:
        """Return the administrators' user ids."""
        return frozenset(one.strip() for one in self.flywheel_admins.split(",") if one.strip())

    @property
    def url(self) -> str:
        """Return where browsers reach this server, without a slash at the end."""
        return (self.flywheel_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def has_slack(self) -> bool:
        """Tell whether a workspace is configured."""
        return self.slack_bot_token is not None

    @property
    def has_language_model(self) -> bool:
        """Tell whether an OpenAI-compatible server is configured: a key, or a server that may need none."""
        return self.openai_api_key is not None or self.openai_base_url is not None

    @property
    def prices(self) -> tuple[float, float] | None:
        """Return US dollars per million prompt and completion tokens; None where they are not set."""
        if self.flywheel_model_prices is None:
            return None
        prompt, completion = self.flywheel_model_prices.split("/")
        return float(prompt), float(completion)

    def plan(self) -> Plan:
        """Return what the core is built from."""
        server = None
        if self.has_language_model:
            key = self.openai_api_key.get_secret_value() if self.openai_api_key else ""
            server = ModelServer(key, self.openai_base_url, self.openai_model, self.prices)
        return Plan(
            home=self.home,
            database_url=self.database,
            chroma_url=self.chroma_url,
            embedder=self.flywheel_embedder,
            cross_encoder=self.flywheel_cross_encoder,
            model_server=server,
            judges=tuple(one.strip() for one in self.flywheel_judges.split(",") if one.strip() != "none"),
            judge_calls=self.flywheel_judge_calls,
            ragas_python=self.flywheel_ragas_python,
            collector=self.otel_exporter_otlp_endpoint,
            admins=self.admins,
        )

    def api_token(self) -> str:
        """Return the bearer token of `/v1`; made on first use and kept in the data folder, readable by its owner.

        Raises:
            ConfigurationError: the token is blank, which would let everybody in.
        """
        if self.flywheel_api_token is not None:
            token, where = self.flywheel_api_token.get_secret_value().strip(), "FLYWHEEL_API_TOKEN"
        else:
            path = self.home / _TOKEN_FILE
            _keep_new_token(path)
            token, where = path.read_text(encoding="utf-8").strip(), str(path)
        if not token:
            raise ConfigurationError(f"{where}: the token is blank; put one there, or remove it to have one made")
        return token


def _keep_new_token(path: Path) -> None:
    """Write a token unless one is there. It appears whole, so that no other process reads half of it."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)  # readable by its owner alone
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(32))
    with suppress(FileExistsError):
        os.link(name, path)
    Path(name).unlink()
