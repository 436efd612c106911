"""The one typed settings object.

Each field is the environment variable `DALIL_<NAME>`; its `description` is the line that `docs/settings.md` shows
(a test keeps the two equal). Values come from the environment first, then from `.env` in the working folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from settings.names import ENV_FILE, unknown_names

PREFIX = "DALIL_"
DEVELOPMENT_SECRET = "development-only"  # noqa: S105 - refused outside development mode

Jurisdiction = Literal["SAN", "ADE"]


class SettingsError(Exception):
    """One or more settings are missing or wrong; the message has one line for each, naming the variable."""


def _secret(description: str) -> SecretStr:
    field: SecretStr = Field(default=SecretStr(DEVELOPMENT_SECRET), description=description)
    return field


class Settings(BaseSettings):
    """All settings. Times are in seconds unless the name says otherwise; sizes are in characters or bytes."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore", frozen=True)

    # Everything
    mode: Literal["development", "production"] = Field(
        "development",
        description="`development` starts simulators and accepts development secrets; `production` refuses both.",
    )
    database_url: str = Field(
        "sqlite:///var/dalil.db",
        description="SQLAlchemy URL: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="Least severe level logged.")
    jurisdiction: Jurisdiction = Field(
        "SAN", description="Whose facts citizens are told: `SAN` (authorities in Sana'a) or `ADE` (seat Aden)."
    )

    # Catalogue
    catalogue_source: str = Field(
        "integrations/catalogue/sample",
        description="Folder of catalogue files that `make run` imports, or the URL of a remote catalogue.",
    )
    catalogue_refresh_seconds: float = Field(
        5.0, gt=0, description="How often the assistant asks whether the catalogue changed."
    )

    # Assistant (private)
    assistant_host: str = Field("127.0.0.1", description="Address the assistant listens on; keep it private.")
    assistant_port: int = Field(5005, ge=1, le=65535, description="Port of the first worker; the others follow on.")
    assistant_workers: int = Field(1, ge=1, le=64, description="Assistant processes; each holds its own model.")
    assistant_token: SecretStr = _secret("Shared secret between the gateway and the assistant.")
    assistant_budget_seconds: float = Field(8.0, gt=0, description="Longest time the assistant works on one message.")
    model_folder: Path = Field(Path("models"), description="Where trained models are kept.")
    data_folder: Path = Field(
        Path("nlu_data"),
        description="Where the training data and the FAQ are: models are trained from them, and the "
        "staff console publishes into them.",
    )
    max_message_chars: int = Field(1000, ge=50, description="Longest message read; the citizen is told to shorten it.")
    conversation_retention_days: int = Field(90, ge=1, description="Days a conversation's context is kept.")

    # Exchange between agencies
    exchange_agencies: Path | None = Field(
        None,
        description="YAML file of the agencies that are asked where an application stands (docs/exchange.md); "
        "without it `development` simulates them and `production` asks none.",
    )
    simulator_port: int = Field(
        8443, ge=1, le=65535, description="Port of the simulated exchange that `make run` starts in development."
    )
    simulator_folder: Path = Field(
        Path("var/exchange"), description="Where the simulated exchange keeps its certificates and configuration."
    )
    exchange_poll_seconds: float = Field(
        300.0, ge=1, description="How often each agency that tells of changes is asked what has changed."
    )

    # Gateway (public)
    gateway_host: str = Field("127.0.0.1", description="Address the gateway listens on.")
    gateway_port: int = Field(8080, ge=1, le=65535, description="Port the gateway listens on.")
    gateway_workers: int = Field(32, ge=1, le=256, description="Conversations the gateway works on at the same time.")
    push_host: str = Field(
        "127.0.0.1", description="Address on which the gateway takes what to push; private, never behind the proxy."
    )
    push_port: int = Field(8081, ge=0, le=65535, description="Port of it; 0: nobody pushes.")
    public_url: str = Field(
        "http://127.0.0.1:8080",
        description="Address citizens and providers reach the gateway at; signatures are checked against it.",
    )
    trusted_proxies: str = Field(
        "", description="Comma-separated addresses of reverse proxies whose X-Forwarded-For is believed."
    )
    conversation_key: SecretStr = _secret("Key of the HMAC that turns addresses into conversation ids.")
    quiet_hours: str = Field(
        "21:00-07:00",
        pattern=r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$",
        description="When nobody is sent what they did not ask for, by Yemen's clock; empty: never.",
    )
    handover_idle_minutes: float = Field(
        20.0, gt=0, description="A conversation in which staff write nothing for so long goes back to Dalil."
    )
    message_retention_days: int = Field(30, ge=1, description="Days the text of messages is kept in the message log.")

    # Web chat
    web_enabled: bool = Field(True, description="Whether the web chat answers.")
    web_frame_ancestors: str = Field(
        "'none'",
        description="CSP frame-ancestors: the sites that may embed the page, for example `https://moi.gov.ye`.",
    )
    web_messages_per_minute: int = Field(20, ge=1, description="Messages one web visitor may send a minute.")
    web_sessions_per_hour: int = Field(
        600, ge=1, description="New web conversations one address may open an hour (mobile networks share addresses)."
    )
    web_idle_minutes: int = Field(
        30, ge=1, description="A web conversation left alone so long is not shown again (shared computers)."
    )
    web_session_hours: int = Field(12, ge=1, le=168, description="Longest life of one web conversation.")

    # Telegram
    telegram_mode: Literal["off", "polling", "webhook"] = Field(
        "off", description="How Telegram updates arrive; `off` in development simulates Telegram for its test page."
    )
    telegram_token: SecretStr = Field(SecretStr(""), description="Bot token from BotFather.")
    telegram_secret: SecretStr = _secret("Secret token that Telegram sends with every webhook call.")
    telegram_api: str = Field("https://api.telegram.org", description="Address of the Bot API.")
    telegram_messages_per_minute: int = Field(20, ge=1, description="Messages one Telegram chat may send a minute.")

    # SMS
    sms_enabled: bool = Field(True, description="Whether SMS is answered.")
    sms_providers: Path | None = Field(
        None, description="YAML file of the SMS providers (docs/sms.md); without it `development` simulates one."
    )
    sms_secret: SecretStr = _secret("Key of the secrets in the addresses that SMS providers call.")
    sms_foreign_codes: str = Field(
        "",
        pattern=r"^(\d{1,3}(,\d{1,3})*)?$",
        description="Calling codes whose mobiles are answered beside Yemen's 967, for example `966,971`.",
    )
    sms_messages_per_hour: int = Field(10, ge=1, description="Messages one number may send an hour.")
    sms_messages_per_day: int = Field(30, ge=1, description="Messages one number may send a day.")
    sms_daily_budget: float = Field(
        0.0,
        ge=0,
        description="Riyals a day for SMS (0: no limit). An alarm comes at 80 %, where unasked messages end.",
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="What Prometheus sends as Bearer to read `/metrics`; without it there is none."
    )
    operator_port: int = Field(8090, ge=1, le=65535, description="Port of the operators' page of SMS (docs/sms.md).")
    operator_password: SecretStr = Field(
        SecretStr(DEVELOPMENT_SECRET), min_length=12, description="What operators log in with to their page of SMS."
    )

    # Staff console
    console_host: str = Field("127.0.0.1", description="Address the staff console listens on.")
    console_port: int = Field(8091, ge=1, le=65535, description="Port the staff console listens on.")
    console_url: str = Field(
        "http://127.0.0.1:8091",
        description="Address staff reach the console at, for links and cookies; `https` in production.",
    )
    console_key: SecretStr = _secret(
        "Key of the staff's second step and forms; when it changes, all set up theirs anew."
    )
    console_folder: Path = Field(Path("var/console"), description="Where the console trains what is proposed.")
    evaluation_folder: Path = Field(
        Path("tests/nlu/held_out"),
        description="The frozen set of labelled sentences that decides what may be published.",
    )
    console_idle_minutes: int = Field(15, ge=1, le=480, description="Staff who do nothing for so long are logged out.")
    console_session_hours: int = Field(8, ge=1, le=24, description="Longest time before staff log in again.")

    # Single sign-on of staff (docs/console.md)
    sso_issuer: str = Field(
        "",
        pattern=r"^(https://\S+|http://(127\.0\.0\.1|localhost)(:\d+)?(/\S*)?)?$",
        description="Issuer of the OpenID provider that staff may log in with, exactly as it names itself; `https`.",
    )
    sso_client_id: str = Field("dalil-console", min_length=1, description="What the provider calls the console.")
    sso_client_secret: SecretStr = Field(
        SecretStr(""), description="The console's secret at the provider; none for a public client."
    )
    sso_name: str = Field("الوزارة", min_length=1, max_length=40, description="Whose account it is, for the button.")
    sso_second_step: str = Field(
        "",
        pattern=r"^([\w-]+(,[\w-]+)*)?$",
        description="Methods of the provider (`amr`, for example `mfa,otp`) of which one makes ours needless.",
    )

    @model_validator(mode="after")
    def _production_has_its_own_secrets(self) -> Settings:
        if self.mode == "development":
            return self
        left = [
            PREFIX + name.upper()
            for name in type(self).model_fields
            if isinstance(value := getattr(self, name), SecretStr) and value.get_secret_value() == DEVELOPMENT_SECRET
        ]
        if left:
            raise ValueError(f"set your own secret in production mode: {', '.join(left)}")
        if not self.console_url.startswith("https://"):
            raise ValueError("DALIL_CONSOLE_URL: staff reach the console over https in production mode")
        if self.sso_issuer.startswith("http://"):
            raise ValueError("DALIL_SSO_ISSUER: an OpenID provider is asked over https in production mode")
        return self


def load_settings(**overrides: object) -> Settings:
    """Read and check all settings.

    Args:
        overrides: field values that win over the environment (tests, command-line options).

    Raises:
        SettingsError: with one line for each wrong variable.
    """
    if unknown := unknown_names(Settings.model_fields, PREFIX):
        raise SettingsError("\n".join(unknown))
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError("\n".join(_line(fault) for fault in error.errors())) from None


def _line(fault: object) -> str:
    location, message = fault["loc"], fault["msg"]  # type: ignore[index]
    variable = PREFIX + str(location[0]).upper() if location else "settings"
    return f"{variable}: {message.removeprefix('Value error, ')}"
