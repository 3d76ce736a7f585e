"""The statements over trades and allocations that add up, where the database does it best."""

from sqlalchemy import text

# Versions of trades are only ever added, and keep their month and day: as long as their number is
# the same, they are the same.
VERSIONS = text(
    """
    SELECT count(*) FROM settlement.trades
    WHERE booking_month = :month AND trade_date <= :through
    """
)

# Tonnes of some contracts that can no longer be given to another: every earmark and transfer in
# its newest version, and what bundles gave in months before the first open one.
COMMITTED = text(
    """
    WITH wanted AS (
        SELECT unnest(CAST(:contracts AS text[])) AS contract
    ), earmarked AS (
        SELECT contract, name, version, tonnes
        FROM wanted JOIN settlement.trades ON buyer_contract = contract
        UNION ALL
        SELECT contract, name, version, tonnes
        FROM wanted JOIN settlement.trades ON seller_contract = contract
    )
    SELECT contract, sum(tonnes) FROM (
        SELECT contract, tonnes FROM earmarked
        WHERE NOT EXISTS (
            SELECT FROM settlement.trades later WHERE later.version > 1
                AND later.name = earmarked.name AND later.version > earmarked.version)
        UNION ALL
        SELECT contract, tonnes FROM wanted JOIN settlement.allocations USING (contract)
        WHERE trade IS NULL AND booking_month < :before
    ) AS committed
    GROUP BY contract
    """
)

# What a month's trades add up to, each owner's side counted and corrections by their difference
# from the version that an earlier month booked; and what its allocations add up to. All versions
# are added up, then those that others replaced are taken away, since hardly any trade has two.
TALLY = text(
    """
    WITH corrected AS MATERIALIZED (
        SELECT name, max(version) AS newest FROM settlement.trades
        WHERE booking_month = :month AND version > 1 GROUP BY name
    ), frozen AS (
        SELECT DISTINCT ON (name) trades.*
        FROM corrected JOIN settlement.trades USING (name)
        WHERE booking_month < :month ORDER BY name, version DESC
    ), traded AS (
        SELECT count(*) FILTER (WHERE tonnes > 0) AS trades,
               sum(CASE WHEN side IS NULL THEN 2 * tonnes ELSE tonnes END) AS tonnes,
               sum(CASE WHEN side IS NULL THEN 2 * amount ELSE amount END) AS amount
        FROM settlement.trades WHERE booking_month = :month
        UNION ALL
        SELECT -count(*) FILTER (WHERE tonnes > 0 AND booking_month = :month),
               -sum(CASE WHEN side IS NULL THEN 2 * tonnes ELSE tonnes END),
               -sum(CASE WHEN side IS NULL THEN 2 * amount ELSE amount END)
        FROM (
            SELECT trades.* FROM corrected JOIN settlement.trades USING (name)
            WHERE booking_month = :month AND version < newest
            UNION ALL SELECT * FROM frozen
        ) AS replaced
    ), allocated AS (
        SELECT sum(tonnes) AS tonnes, sum(amount) AS amount,
               sum(tonnes) FILTER (WHERE contract IS NULL) AS unsettled
        FROM settlement.allocations WHERE booking_month = :month
    )
    SELECT sum(trades), coalesce(sum(traded.tonnes), 0), coalesce(sum(traded.amount), 0),
           coalesce(max(allocated.tonnes), 0), coalesce(max(allocated.amount), 0),
           coalesce(max(unsettled), 0)
    FROM traded, allocated
    """
)
