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
        had: dict[Bundle, Traded] = defaultdict(Traded)
        own: dict[Bundle, Traded] = defaultdict(Traded)
        mine = [(key, part) for key, part in self.parts.items() if key[1] == pact.name]
        for (_, _, bundle, corrects), part in sorted(
            mine, key=lambda row: (row[0][0], not row[0][3])
        ):
            had[bundle] += part
            if corrects:
                own[bundle] = _in_basis(had[bundle], pact, inclusive=bundle[3])
            else:
                own[bundle] += _in_basis(part, pact, inclusive=bundle[3])
        for bundle, traded in own.items():
            result[f"{bundle[0]:%Y-%m}"] += traded
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
        """Bring those who had parts of what is corrected to their parts of what is right."""
        waiting = [deal for deal in booked if deal.corrected != Traded()]
        for bundle in {deal.bundle for deal in waiting}:
            groups = list(_together(deal for deal in waiting if deal.bundle == bundle))
            had = self._had(bundle)
            change = sum((change for _, change in groups), Traded())
            moved: dict[str, Traded] = defaultdict(Traded)
            if sum(part.tonnes for part in had.values()) + change.tonnes == 0:
                groups = [(frozenset(self._months(bundle)), change)]
            for months, moves in groups:
                for owner, part in self._moves(bundle, months, moves).items():
                    moved[owner] += part
            for owner, part in moved.items():
                self._give(month, bundle, owner, part, corrects=True)

    def _moves(self, bundle: Bundle, months: frozenset[str], change: Traded) -> dict[str, Traded]:
        """Split what is left of some months' parts anew; or the change, if that is not known."""
        others, given = self._months(bundle) - months, self._had(bundle, months=months)
        later = [booked for booked in self._corrected_in(bundle) if min(months) < booked]
        if any(other < booked for other in others for booked in later):
            had = self._had(bundle)
            left = {owner: min(part.tonnes, had[owner].tonnes) for owner, part in given.items()}
            return dict(zip(_in_order(left), _split(change, left), strict=True))
        had = self._had(bundle, months=months, corrected=later)
        left = {owner: part.tonnes for owner, part in had.items()}
        back = _split(Traded(change.tonnes), left)
        for owner, part in zip(_in_order(left), back, strict=True):
            left[owner] += part.tonnes
        weights = left if any(left.values()) else {o: part.tonnes for o, part in given.items()}
        whole = sum(had.values(), change)
        right = _split(Traded(0, whole.amount, whole.fees), weights)
        return {
            owner: Traded(left[owner]) + part - had[owner]
            for owner, part in zip(_in_order(weights), right, strict=True)
        }

    def _months(self, bundle: Bundle) -> set[str]:
        return {key[0] for key in self.parts if key[2] == bundle and not key[3]}

    def _corrected_in(self, bundle: Bundle) -> set[str]:
        return {key[0] for key in self.parts if key[2] == bundle and key[3]}

    def _had(
        self,
        bundle: Bundle,
        *,
        months: Iterable[str] | None = None,
        corrected: Iterable[str] | None = None,
    ) -> dict[str, Traded]:
        """Sum up parts of a bundle by owner: given in some months, corrected in some months."""
        sums: dict[str, Traded] = {}
        for (booked, owner, owned, corrects), part in self.parts.items():
            chosen = booked in (corrected or ()) if corrects else booked in (months or ())
            if owned == bundle and (chosen or months is None):
                sums[owner] = sums.get(owner, Traded()) + part
        return sums


def _together(deals: Iterable[Deal]) -> Iterable[tuple[frozenset[str], Traded]]:
    """Join the corrections of trades that some month gave tonnes of together."""
    waiting = list(deals)
    while waiting:
        first = waiting.pop()
        months, change = first.given_in, first.corrected
        while same := [deal for deal in waiting if deal.given_in & months]:
            months = months.union(*(deal.given_in for deal in same))
            change = sum((deal.corrected for deal in same), change)
            waiting = [deal for deal in waiting if deal not in same]
        yield months, change


def _in_order(owners: Iterable[str]) -> list[str]:
    return sorted(owners, key=lambda owner: (owner == POOL, owner))


def _split(whole: Traded, weights: Mapping[str, int]) -> list[Traded]:
    counted = [weights[owner] for owner in _in_order(weights)]
    columns = [split(value, counted) for value in (whole.tonnes, whole.amount, whole.fees)]
    return [Traded(*part) for part in zip(*columns, strict=True)]


def _in_basis(part: Traded, pact: Pact, *, inclusive: bool) -> Traded:
    if inclusive == pact.inclusive:
        return part
    factor = 1 + pact.tax_rate
    change = factor if pact.inclusive else 1 / factor
    return Traded(part.tonnes, half_away(part.amount * change), half_away(part.fees * change))
