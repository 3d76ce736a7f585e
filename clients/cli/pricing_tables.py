"""Which fields of the answers about prices and promises are shown, under which headings."""

from clients.cli.tables import columns

VOLATILITY = columns(
    A_year="annual_volatility",
    Long_run="long_run",
    Last_20="recent_volatility",
    EWMA="ewma_volatility",
    To_quote_with="quoting_volatility",
    Moves="observations",
    Jump_share="jump_share",
    Stale_days="stale_day_count",
    Quality="lowest_quality",
)
DEPENDENT = columns(Name="name", Kind="kind", Days="date_range", Use="use", Way_out="way_out")
TRANSFER = columns(
    Price="price",
    Rung="rung",
    Days="price_dates",
    Quality="quality",
    Lowest="lowest_price",
    Highest="highest_price",
    Moved="bounded",
    Series="series",
)
WINDOW = columns(
    From="delivery_window.start_date",
    Until="delivery_window.end_date",
    Tonnes="tonnes",
    Promised="promised_price",
    Market="benchmark_average",
    Traded_at="executed_average",
    Drift="drift",
    Skill="skill",
    Share="gain_share",
    House="house",
    Customer="customer",
)
WINDOW_TOTALS = columns(
    Tonnes="tonnes",
    Drift="drift",
    Skill="skill",
    Share="gain_share",
    Relief="relief",
    House="house",
    Customer="customer",
    Without_loss="windows_without_loss_count",
)
MODES = columns(
    Cheaper="cheaper_mode",
    Unified="unified_cost",
    Decentralised="decentralised_cost",
    Even_price="even_price",
    Late_price="late_price",
    Netted_t="netted_tonnes",
    Outside_t="external_tonnes",
)
SAVING = columns(
    Labour="labour",
    Netting="netting",
    Timing="timing",
    CCER="ccer",
    Carry="carry",
    Penalty="penalty",
    Total="total",
)
CHANGE = columns(
    Customer="customer",
    Effect="effect",
    From="from_date",
    Scale_t="scale_tonnes",
    Year_before="annual_before",
    Year_after="annual_after",
    More_this_year="year_difference",
    More_a_year="annual_difference",
    Note="note",
)
CHANGE_TOTALS = columns(
    Customers="customer_count",
    Charged="charged_count",
    Pay_more="more_count",
    Pay_less="less_count",
    No_scale="scale_missing_count",
    More_this_year="year_difference",
    More_a_year="annual_difference",
    More_by_traded_tonnes="traded_difference",
)
QUOTE = columns(
    Quote="name",
    Expected_average="expected_average",
    Break_even="break_even_price",
    Recommended="recommended_price",
    Promised="promised_price",
    Until="expire_time",
    Model="model",
)
RISK = columns(
    Value="value_per_tonne",
    Delta="delta",
    Gamma="gamma",
    Vega="vega",
    Chance_of_loss="probability_of_loss",
    VaR_99="var_99",
    CVaR_99="cvar_99",
)
BAND = columns(Volatility="volatility", Drift="drift", Break_even="price")
QUOTED = columns(
    Quote="name",
    Side="inputs.side",
    Instrument="inputs.instrument",
    Tonnes="promised_tonnes",
    Break_even="break_even_price",
    Promised="promised_price",
    Until="expire_time",
    By="creator",
)
VALUATION = columns(
    As_of="as_of_date",
    Contracts="contract_count",
    Open_t="remaining_tonnes",
    Value="value",
    Paths="path_count",
    Seed="seed",
    Correlation="correlation",
    Demand_use="demand_cap_use",
)
PORTFOLIO_RISK = columns(
    Mean="mean",
    error="mean_error",
    VaR_99="var_99",
    VaR_error="var_99_error",
    CVaR_99="cvar_99",
    CVaR_error="cvar_99_error",
    Chance_of_loss="probability_of_loss",
)
INSTRUMENT_VALUE = columns(
    Kind="kind",
    Contracts="contract_count",
    Open_t="remaining_tonnes",
    Value="value",
    Delta_t="delta",
    Vega="vega",
    VaR_99="risk.var_99",
    CVaR_99="risk.cvar_99",
)
MARKET = columns(
    Kind="kind",
    Spot="spot",
    taken_from="spot_source",
    Carry="carry_rate",
    Volatility="volatility",
    estimated="volatility_source",
)
OUTCOME = columns(
    Market="scenario", Value="value", Change="change", VaR_99="var_99", CVaR_99="cvar_99"
)
LIMIT = columns(Measure="measure", Figure="figure", Limit="limit", Use="use", Source="source")
CONTRACT_VALUE = columns(
    Contract="contract",
    Customer="customer",
    Side="side",
    Kind="kind",
    Open_t="remaining_tonnes",
    Promised="promised_price",
    Expected="expected_average",
    Value="value",
    Delta_t="delta",
    VaR_99="var_99",
)
