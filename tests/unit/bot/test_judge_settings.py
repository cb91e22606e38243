"""The variables of prices and judges."""

from pathlib import Path

import pytest

from bot.settings import Settings
from flywheel.errors import ConfigurationError


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")


def test_a_model_judges_by_default_and_nothing_has_a_price() -> None:
    plan = Settings.read().plan()

    assert plan.judges == ("model",)
    assert plan.model_server is not None
    assert plan.model_server.prices is None


def test_prices_are_for_prompt_and_completion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLYWHEEL_MODEL_PRICES", "0.15/0.60")

    assert Settings.read().prices == (0.15, 0.6)


@pytest.mark.parametrize("prices", ["0.15", "free", "-1/2", "0.15/0.6/0.1", "1/nan"])
def test_prices_that_are_none_are_refused(monkeypatch: pytest.MonkeyPatch, prices: str) -> None:
    monkeypatch.setenv("FLYWHEEL_MODEL_PRICES", prices)

    with pytest.raises(ConfigurationError, match=r"FLYWHEEL_MODEL_PRICES: .*0\.15/0\.60"):
        Settings.read()


@pytest.mark.parametrize(
    ("named", "judges"), [("none", ()), ("ragas", ("ragas",)), ("model, ragas", ("model", "ragas"))]
)
def test_judges_are_named(monkeypatch: pytest.MonkeyPatch, named: str, judges: tuple[str, ...]) -> None:
    monkeypatch.setenv("FLYWHEEL_JUDGES", named)

    assert Settings.read().plan().judges == judges


@pytest.mark.parametrize("named", ["me", "model,me", "none,model"])
def test_unknown_judges_are_refused(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv("FLYWHEEL_JUDGES", named)

    with pytest.raises(ConfigurationError, match="FLYWHEEL_JUDGES"):
        Settings.read()
