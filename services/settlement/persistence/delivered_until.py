"""What is allocated to contracts by the day of the trade, whatever month it was booked in."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from sqlalchemy import BigInteger, Text, and_, any_, func, literal, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY

from services.kernel.identifiers import ContractName
from services.runtime.unit_of_work import current_connection
from services.settlement.domain.guarantee import Delivery
from services.settlement.persistence.tables.contracts import PROMISED_PRICES
from services.settlement.persistence.tables.trades import ALLOCATIONS


class PostgresDeliveredUntil:
    """Sums allocations on the current connection."""

    def delivered_until(
        self, day: date, names: Sequence[ContractName] | None
    ) -> Mapping[ContractName, tuple[Delivery, ...]]:
        """Sum what was traded up to a day, by contract and promised price; None: of all."""
        table, price = ALLOCATIONS.c, PROMISED_PRICES.c
        in_force = and_(
            price.contract == table.contract,
            table.trade_date < price.end_date,
            (table.trade_date >= price.effective_date) | (price.place == 0),
        )
        sums = (table.tonnes, table.contract_amount, table.contract_fees)
        query = (
            select(
                table.contract,
                price.place,
                *(sql_cast(func.sum(column), BigInteger) for column in sums),
            )
            .join(PROMISED_PRICES, in_force)
            .where(table.contract.is_not(None), table.trade_date <= day)
            .group_by(table.contract, price.place)
            .order_by(table.contract, price.place)
        )
        if names is not None:
            query = query.where(table.contract == any_(literal(list(names), ARRAY(Text))))
        rows = cast(
            "Sequence[tuple[ContractName, int, int, int, int]]",
            current_connection().execute(query).all(),
        )
        found: dict[ContractName, list[Delivery]] = defaultdict(list)
        for contract, *figures in rows:
            found[contract].append(Delivery(*figures))
        return {contract: tuple(deliveries) for contract, deliveries in found.items()}
