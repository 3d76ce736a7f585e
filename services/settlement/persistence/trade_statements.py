"""The statements over trades and allocations that add up, where the database does it best."""

from sqlalchemy import text

# The newest version of each trade that a month books, up to a trade date: ``name:version`` in
# order, joined by commas, hashed. ``versions_digest`` of the domain does the same.
VERSIONS = text(
    """
    SELECT encode(sha256(convert_to(coalesce(string_agg(key, ',' ORDER BY key COLLATE "C"), ''),
                                    'UTF8')), 'hex')
    FROM (
        SELECT name || ':' || max(version) AS key
        FROM settlement.trades
        WHERE booking_month = :month AND trade_date <= :through
        GROUP BY name
    ) AS versions
    """
)

# Tonnes per contract that can no longer be given to another: every earmark and transfer in its
# newest version, and what bundles gave in months before the first open one.
COMMITTED = text(
    """
    WITH newest AS (
        SELECT DISTINCT ON (name) tonnes, buyer_contract, seller_contract
        FROM settlement.trades
        WHERE buyer_contract IS NOT NULL OR seller_contract IS NOT NULL
        ORDER BY name, version DESC
    )
    SELECT contract, sum(tonnes) FROM (
        SELECT buyer_contract AS contract, tonnes FROM newest WHERE buyer_contract IS NOT NULL
        UNION ALL
        SELECT seller_contract, tonnes FROM newest WHERE seller_contract IS NOT NULL
        UNION ALL
        SELECT contract, tonnes FROM settlement.allocations
        WHERE contract IS NOT NULL AND trade IS NULL AND booking_month < :before
    ) AS committed
    GROUP BY contract
    """
)

# What a month's trades add up to, each owner's side counted and corrections by their difference
# from the version that an earlier month booked; and what its allocations add up to.
TALLY = text(
    """
    WITH newest AS (
        SELECT DISTINCT ON (name) *
        FROM settlement.trades WHERE booking_month = :month
        ORDER BY name, version DESC
    ), frozen AS (
        SELECT DISTINCT ON (name) name, tonnes, amount
        FROM settlement.trades
        WHERE booking_month < :month AND name IN (SELECT name FROM newest WHERE version > 1)
        ORDER BY name, version DESC
    ), traded AS (
        SELECT newest.tonnes > 0 AS counts,
               (newest.tonnes - coalesce(frozen.tonnes, 0))
                   * CASE WHEN side IS NULL THEN 2 ELSE 1 END AS tonnes,
               (newest.amount - coalesce(frozen.amount, 0))
                   * CASE WHEN side IS NULL THEN 2 ELSE 1 END AS amount
        FROM newest LEFT JOIN frozen USING (name)
    ), allocated AS (
        SELECT coalesce(sum(tonnes), 0) AS tonnes, coalesce(sum(amount), 0) AS amount,
               coalesce(sum(tonnes) FILTER (WHERE contract IS NULL), 0) AS unsettled
        FROM settlement.allocations WHERE booking_month = :month
    )
    SELECT count(*) FILTER (WHERE counts), coalesce(sum(traded.tonnes), 0),
           coalesce(sum(traded.amount), 0), max(allocated.tonnes), max(allocated.amount),
           max(allocated.unsettled)
    FROM allocated LEFT JOIN traded ON true
    """
)
