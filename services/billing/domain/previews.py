"""Why a customer's fee cannot be previewed: what a run would name as a finding."""

from services.kernel.errors import Refused
from services.kernel.identifiers import CustomerName
from services.kernel.period import Period


class ScaleMissing(Refused):
    """Nobody stated the customer's scale for the year."""

    reason = "SCALE_MISSING"

    def __init__(self, *, customer: CustomerName, year: int) -> None:
        """Name the customer and the year."""
        super().__init__(
            f"{customer} has no asset scale for {year}; state it with SetAssetScale",
            subject=customer,
            metadata={"year": str(year)},
        )


class PriceMissing(Refused):
    """No approved tariff covers some of the days."""

    reason = "PRICE_MISSING"

    def __init__(self, *, customer: CustomerName, days: Period) -> None:
        """Name the customer and the days."""
        super().__init__(
            f"no approved tariff of daily management covers {customer} from {days.start} to"
            f" {days.end}; approve a revision of the fee schedule for these days",
            subject=customer,
            metadata={"start_date": str(days.start), "end_date": str(days.end)},
        )
