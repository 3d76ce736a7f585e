"""What is known of the exchanges: their calendar and their rules, read once."""

from functools import lru_cache
from importlib import resources

from services.pricing.domain.market_rules import MarketRules, read_market_rules
from services.pricing.domain.trading_calendar import TradingCalendar, read_holidays

_DATA = "services.pricing.domain"


@lru_cache
def trading_calendar() -> TradingCalendar:
    """The days on which the exchange is open, read once."""
    return TradingCalendar.of(read_holidays(data_lines("exchange_holidays.csv")))


@lru_cache
def market_rules() -> MarketRules:
    """The dated rules of the market, read once."""
    return read_market_rules(data_lines("market_rules.csv"))


def data_lines(file: str) -> list[str]:
    """Read the lines of a table of dated data that the pricing room ships."""
    return resources.files(_DATA).joinpath(file).read_text(encoding="utf-8").splitlines()
