"""However often trades of closed months are corrected, the parts stay parts of what was traded."""

from dataclasses import dataclass, field, replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.kernel.identifiers import TradeName
from services.kernel.money import split_units
from services.kernel.period import Month
from services.settlement.domain.allocating import allocate
from services.settlement.domain.allocation import (
    NOTHING,
    Allocation,
    BookedTrade,
    BookedVersion,
    Figures,
    Owner,
)
from services.settlement.domain.contract import Contract
from services.settlement.domain.trade import Leg, TradeSide
from tests.builders.trades import CEA, contract, inputs

DAY = date(2025, 1, 10)
MONTHS = [Month(2025, number) for number in range(1, 7)]


@dataclass
class Bundles:
    """One bundle: its trades by name, and what each month allocated of it."""

    contracts: list[Contract]
    trades: dict[TradeName, BookedVersion] = field(default_factory=dict)
    given_in: dict[TradeName, frozenset[Month]] = field(default_factory=dict)
    parts: list[Allocation] = field(default_factory=list)

    def live_through(self, month: Month, changes: dict[TradeName, Figures]) -> None:
        """Let trades be recorded, or corrected, and the month be allocated and closed."""
        booked = []
        for name, right in changes.items():
            frozen = self.trades.get(name)
            legs = (Leg(TradeSide.BUY, None, None),)
            right_version = BookedVersion(name, DAY, CEA, TradeSide.BUY, True, legs, right)
            months = self.given_in.get(name, frozenset())
            booked.append(BookedTrade(trade=right_version, frozen=frozen, frozen_in=months))
            if right.tonnes > (frozen.figures.tonnes if frozen else 0):
                self.given_in[name] = months | {month}
            self.trades[name] = right_version
        bundle = {part.bundle: self.parts for part in self.parts}
        taken = {c.name: self.of(Owner(c.name, c.customer)).tonnes for c in self.contracts}
        asked = replace(inputs([], self.contracts, taken=taken), month=month, trades=booked)
        made = allocate(replace(asked, frozen=bundle)).allocations
        assert len({part.name for part in made}) == len(made)
        self.parts = [*self.parts, *made]

    def of(self, owner: Owner, *, in_own_basis: bool = False) -> Figures:
        """Add up what an owner has."""
        mine = [part for part in self.parts if part.owner == owner]
        figures = (part.contract_figures if in_own_basis else part.figures for part in mine)
        return sum(figures, NOTHING)

    @property
    def owners(self) -> set[Owner]:
        """Everybody who ever had a part."""
        return {part.owner for part in self.parts}


def figures_of(tonnes: int, price: int, fees: int) -> Figures:
    return Figures(tonnes, tonnes * price, fees)


RIGHT = st.builds(figures_of, st.integers(1, 40), st.integers(4_000, 9_999), st.integers(0, 99))
CANCELLED = st.just(NOTHING)
NAMES = [TradeName(f"trades/{letter}") for letter in "xyz"]
LIFE = st.lists(
    st.dictionaries(st.sampled_from(NAMES), st.one_of(RIGHT, RIGHT, CANCELLED), max_size=3),
    min_size=2,
    max_size=len(MONTHS) - 1,
)
BUNDLES = st.builds(
    lambda volumes, bases: Bundles(
        [
            contract(f"c{index}", volume, tax_inclusive=basis)
            for index, (volume, basis) in enumerate(zip(volumes, bases, strict=False))
        ]
    ),
    st.lists(st.integers(1, 60), min_size=1, max_size=3),
    st.tuples(st.booleans(), st.booleans(), st.booleans()),
)


@given(bundle=BUNDLES, life=LIFE)
def test_parts_add_up_to_what_was_traded_and_nobody_has_less_than_nothing(
    bundle: Bundles, life: list[dict[TradeName, Figures]]
) -> None:
    for month, changes in zip(MONTHS, life, strict=False):
        bundle.live_through(month, changes)
        whole = sum((trade.figures for trade in bundle.trades.values()), NOTHING)
        assert sum((part.figures for part in bundle.parts), NOTHING) == whole
        assert all(bundle.of(owner).tonnes >= 0 for owner in bundle.owners)


@given(bundle=BUNDLES, life=LIFE)
def test_what_is_cancelled_in_the_end_leaves_nothing_with_anybody(
    bundle: Bundles, life: list[dict[TradeName, Figures]]
) -> None:
    for month, changes in zip(MONTHS, life, strict=False):
        bundle.live_through(month, changes)
    bundle.live_through(MONTHS[-1], dict.fromkeys(bundle.trades, NOTHING))
    for owner in bundle.owners:
        assert bundle.of(owner) == bundle.of(owner, in_own_basis=True) == NOTHING


@given(bundle=BUNDLES, first=RIGHT, life=st.lists(RIGHT, max_size=4))
def test_everybody_has_the_part_of_the_right_amount_that_the_tonnes_say(
    bundle: Bundles, first: Figures, life: list[Figures]
) -> None:
    bundle.live_through(MONTHS[0], {NAMES[0]: first})
    for month, right in zip(MONTHS[1:], life, strict=False):
        kept = min(first.tonnes, right.tonnes, bundle.trades[NAMES[0]].figures.tonnes)
        bundle.live_through(month, {NAMES[0]: replace(right, tonnes=kept)})
    owners = sorted(bundle.owners, key=lambda owner: owner.order)
    whole, had = bundle.trades[NAMES[0]].figures, [bundle.of(owner) for owner in owners]
    tonnes = [figures.tonnes for figures in had]
    assert [figures.amount_fen for figures in had] == split_units(whole.amount_fen, tonnes)
    assert [figures.fees_fen for figures in had] == split_units(whole.fees_fen, tonnes)
