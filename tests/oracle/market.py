"""Whose part of the market's trades is whose, month by month, worked out again.

An oracle, apart from the product. What a closed month allocated stays; the open month is worked
out anew from its first day, with what came late before its own days.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.oracle.allocation import allocate_bundle
from tests.oracle.guarantees import Terms, Traded
from tests.oracle.rounding import half_away, split, tax_of

POOL = ""
Key = tuple[str, str, date, str, str]  # month, owner, day, instrument, side
Bundle = tuple[date, str, str, bool, str]


@dataclass(frozen=True, slots=True)
class Pact:
    """A contract in force: its terms, and what may be delivered when."""

    name: str
    customer: str
    terms: Terms
    instruments: frozenset[str]
    start: date
    end: date
    volume: int
    inclusive: bool = False
    tax_rate: Fraction = Fraction(6, 100)
    taxable: bool = False

    def taxed(self, amount: int) -> tuple[int, int, int]:
        """Give net, tax and gross of a gain after relief, or of a share, each by itself."""
        rate = self.tax_rate if self.taxable else Fraction(0)
        return tax_of(amount, rate, inclusive=self.inclusive)

    def takes(self, day: date, instrument: str, side: str) -> bool:
        """Tell whether a trade can be delivered."""
        wanted = "PURCHASE" if side == "BUY" else "SALE"
        return (
            self.start <= day < self.end
            and instrument in self.instruments
            and self.terms.side == wanted
        )


@dataclass(slots=True)
class Deal:
    """A trade: of the pool, or of one owner alone; a transfer is one deal for each side."""

    key: str
    day: date
    instrument: str
    side: str
    traded: Traded
    booked: str
    owner: str | None = None
    inclusive: bool = False
    frozen: Traded = field(default_factory=Traded)
    given_in: frozenset[str] = frozenset()

    @property
    def corrected(self) -> Traded:
        """Tell by what a correction changes the tonnes that are frozen."""
        return self.traded - self.new - self.frozen

    @property
    def new(self) -> Traded:
        """Give what is to be allocated: tonnes added come with their part of the whole amount."""
        added = max(0, self.traded.tonnes - self.frozen.tonnes)
        weights = [self.frozen.tonnes, added]
        if not added:
            return Traded()
        amount, fees = split(self.traded.amount, weights), split(self.traded.fees, weights)
        return Traded(added, amount[1], fees[1])

    @property
    def bundle(self) -> Bundle:
        """Tell which bundle it belongs to; who trades for one owner alone is a bundle of one."""
        alone = self.key if self.owner is not None else ""
        return self.day, self.instrument, self.side, self.inclusive, alone


@dataclass(slots=True)
class Market:
    """All contracts and trades; the parts are by month, owner, bundle, and whether they correct."""

    pacts: Sequence[Pact]
    deals: list[Deal] = field(default_factory=list)
    parts: dict[tuple[str, str, Bundle, bool], Traded] = field(default_factory=dict)

    def allocate(self, month: str) -> None:
        """Work an open month out anew: corrections of closed months first, then by day."""
        self.parts = {key: part for key, part in self.parts.items() if key[0] != month}
        booked = [deal for deal in self.deals if deal.booked == month]
        self._correct(month, booked)
        left = {pact.name: pact.volume - self._delivered(pact.name) for pact in self.pacts}
        for day in sorted({deal.day for deal in booked}):
            today = [deal for deal in booked if deal.day == day]
            for deal in today:
                if deal.owner is not None:
                    self._give(month, deal.bundle, deal.owner, deal.new)
                    if deal.owner in left:
                        left[deal.owner] -= deal.new.tonnes
            bundled = [deal for deal in today if deal.owner is None]
            for bundle in sorted({deal.bundle for deal in bundled}):
                self._share(month, bundle, (d.new for d in bundled if d.bundle == bundle), left)

    def close(self, month: str) -> None:
        """Freeze a month."""
        for deal in self.deals:
            if deal.booked <= month:
                deal.given_in |= {month} if deal.new.tonnes else set()
                deal.frozen = deal.traded

    def traded(self, pact: Pact) -> dict[str, Traded]:
        """Give what a contract had by month of origin, in its own tax basis."""
        result: dict[str, Traded] = defaultdict(Traded)
        for (_, owner, bundle, _), part in self.parts.items():
            if owner == pact.name:
                result[f"{bundle[0]:%Y-%m}"] += _in_basis(part, pact, inclusive=bundle[3])
        return dict(result)

    def totals(self, month: str) -> Mapping[Key, Traded]:
        """Give the month's parts by owner, day, instrument and side."""
        result: dict[Key, Traded] = defaultdict(Traded)
        for (booked, owner, bundle, _), part in self.parts.items():
            if booked == month:
                result[booked, owner, *bundle[:3]] += part
        return {key: part for key, part in result.items() if part != Traded()}

    def _delivered(self, owner: str) -> int:
        return sum(part.tonnes for key, part in self.parts.items() if key[1] == owner)

    def _give(
        self, month: str, bundle: Bundle, owner: str, part: Traded, *, corrects: bool = False
    ) -> None:
        key = (month, owner, bundle, corrects)
        self.parts[key] = self.parts.get(key, Traded()) + part

    def _share(
        self,
        month: str,
        bundle: Bundle,
        trades: Iterable[Traded],
        left: dict[str, int],
    ) -> None:
        whole = sum(trades, Traded())
        if whole == Traded():
            return
        takers = sorted(
            pact.name for pact in self.pacts if pact.takes(*bundle[:3]) and left[pact.name] > 0
        )
        room = [left[name] for name in takers]
        parts = allocate_bundle(whole.tonnes, whole.amount, whole.fees, room)
        for name, part in zip([*takers, POOL], parts, strict=True):
            self._give(month, bundle, name, Traded(*part))
            if name != POOL:
                left[name] -= part[0]

    def _correct(self, month: str, booked: Sequence[Deal]) -> None:
        """Split what was corrected over the tonnes of those whom its own months gave some."""
        waiting = [deal for deal in booked if deal.corrected != Traded()]
        while waiting:
            first = waiting.pop()
            bundle, months, change = first.bundle, first.given_in, first.corrected
            while same := [d for d in waiting if d.bundle == bundle and d.given_in & months]:
                months = months.union(*(deal.given_in for deal in same))
                change = sum((deal.corrected for deal in same), change)
                waiting = [deal for deal in waiting if deal not in same]
            self._split(month, bundle, months, change)

    def _split(self, month: str, bundle: Bundle, months: frozenset[str], change: Traded) -> None:
        frozen: dict[str, int] = defaultdict(int)
        for (booked, owner, owned, _), part in self.parts.items():
            if owned == bundle and booked in months:
                frozen[owner] += part.tonnes
        owners = sorted(frozen, key=lambda owner: (owner == POOL, owner))
        weights = [frozen[owner] for owner in owners]
        columns = [split(value, weights) for value in (change.tonnes, change.amount, change.fees)]
        for owner, tonnes, amount, fees in zip(owners, *columns, strict=True):
            self._give(month, bundle, owner, Traded(tonnes, amount, fees), corrects=True)


def _in_basis(part: Traded, pact: Pact, *, inclusive: bool) -> Traded:
    if inclusive == pact.inclusive:
        return part
    factor = 1 + pact.tax_rate
    change = factor if pact.inclusive else 1 / factor
    return Traded(part.tonnes, half_away(part.amount * change), half_away(part.fees * change))
