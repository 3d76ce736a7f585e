"""ValueContracts: begin to value open contracts together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.kernel.authority import CurrentPrincipal, RunState
from services.kernel.clock import Clock
from services.kernel.finding import Finding
from services.kernel.identifiers import ContractName
from services.kernel.instrument import InstrumentKind
from services.kernel.unit_of_work import UnitOfWork
from services.pricing.application.read_markets import MarketRead, ReadMarkets, market_missing
from services.pricing.application.valuation_ports import (
    OpenBook,
    OpenContracts,
    ValuationQueue,
    Valuations,
)
from services.pricing.domain.guarantee.model import MODEL_VERSION
from services.pricing.domain.portfolio.asked import (
    AskedScenario,
    beyond_calendar,
    check_asked,
    check_reach,
    within_reach,
)
from services.pricing.domain.portfolio.market import Market
from services.pricing.domain.portfolio.scenario import (
    Scenario,
    historical_scenarios,
    standard_scenarios,
)
from services.pricing.domain.portfolio.valuation import (
    Assumptions,
    Valuation,
    valuation_name,
)
from services.pricing.domain.trading_calendar import TradingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueContracts:
    """Freezes open contracts and markets, and has each scenario computed.

    Valuations of a day are counted, and none replaces another: what was seen stays to be seen.
    """

    unit_of_work: UnitOfWork
    valuations: Valuations
    open_contracts: OpenContracts
    read_markets: ReadMarkets
    calendar: TradingCalendar
    queue: ValuationQueue
    clock: Clock
    principal: CurrentPrincipal

    def __call__(
        self,
        *,
        as_of: date,
        contracts: tuple[ContractName, ...] = (),
        every: bool = False,
        scenario: AskedScenario | None = None,
    ) -> Valuation:
        """Start it, for contracts named or for all that are open.

        Raises:
            ValuationFormsMixed, InvalidScenario: what is asked has no meaning, or reaches too far.
            NotFound: a contract or a series named does not exist.
        """
        asked = scenario or AskedScenario()
        check_asked(contracts=contracts, every=every, scenario=asked)
        names = None if every else tuple(sorted(set(contracts)))
        moment, caller = self.clock.now(), self.principal().subject
        with self.unit_of_work():
            book = self.open_contracts(as_of=as_of, names=names)
            markets = self._markets(book, asked, as_of, moment)
            return self._started(book, markets, asked, as_of=as_of, time=moment, maker=caller)

    def _markets(
        self, book: OpenBook, asked: AskedScenario, as_of: date, moment: datetime
    ) -> Mapping[InstrumentKind, MarketRead]:
        kinds = sorted({position.kind for position in book.positions})
        return {
            kind: self.read_markets(
                asked=asked.market(kind),
                as_of=as_of,
                known_at=moment,
                caller=self.principal().subject,
            )
            for kind in kinds
        }

    def _started(
        self,
        book: OpenBook,
        markets: Mapping[InstrumentKind, MarketRead],
        asked: AskedScenario,
        *,
        as_of: date,
        time: datetime,
        maker: str,
    ) -> Valuation:
        known = {kind: read for kind, read in markets.items() if read.market is not None}
        priceable = [each for each in book.positions if each.kind in known]
        positions, far = within_reach(priceable, as_of=as_of)
        priced = tuple(read.market for read in known.values() if read.market is not None)
        check_reach(
            markets=priced,
            positions=positions,
            as_of=as_of,
            discount_rate=asked.discount_rate,
        )
        scenarios = _scenarios(known, asked.window_days)
        number = self.valuations.next_number(as_of)
        valuation = Valuation(
            name=valuation_name(as_of, number),
            as_of=as_of,
            number=number,
            state=RunState.CALCULATING,
            maker=maker,
            created_at=time,
            assumptions=_assumptions(asked, priced, as_of),
            chunk_count=1 + len(scenarios),
            findings=(
                *book.findings,
                *_held(book, markets),
                *far,
                *(remark for read in known.values() for remark in read.remarks),
                *beyond_calendar(positions, calendar=self.calendar),
            ),
            model_version=MODEL_VERSION,
        )
        self.valuations.add(valuation, positions=positions, scenarios=scenarios)
        for chunk in range(valuation.chunk_count):
            self.queue.value_chunk(valuation=valuation.name, chunk=chunk)
        return valuation


def _assumptions(asked: AskedScenario, markets: tuple[Market, ...], as_of: date) -> Assumptions:
    return Assumptions(
        markets=markets,
        seed=asked.seed or int(f"{as_of:%Y%m%d}"),
        correlation=asked.correlation,
        path_count=asked.path_count,
        discount_rate=asked.discount_rate,
        window_days=asked.window_days,
        due_tonnes=asked.due_tonnes,
    )


def _scenarios(known: Mapping[InstrumentKind, MarketRead], window_days: int) -> Sequence[Scenario]:
    historical = [
        scenario
        for read in known.values()
        if read.market is not None
        for scenario in historical_scenarios(read.market, read.history, window_days=window_days)
    ]
    return [*standard_scenarios(list(known)), *historical]


def _held(book: OpenBook, markets: Mapping[InstrumentKind, MarketRead]) -> list[Finding]:
    counts = Counter(position.kind for position in book.positions)
    return [
        market_missing(kind, read.missing, counts[kind])
        for kind, read in markets.items()
        if read.missing is not None
    ]
