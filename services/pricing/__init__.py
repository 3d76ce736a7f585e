"""Answers what a tonne, or a service, costs.

It owns price series and their points, the calendar of trading days, the dated rules of the
market, volatilities, transfer prices, what a promise is worth and would have been, quotes,
valuations of all promises together, and fee schedules with their revisions and overrides, and the
answer which revision is in force.
It does not own customers (it asks for a customer's class), what anybody is charged (billing), or
what was traded (settlement).

Words: a *price point* is one day of a series in one version; a *row* is a day as reported,
before it is believed; a *revision* is one dated version of a tariff; an *override* is a
revision for one customer; a *segment* is a span of days charged by one revision; a *quote* is a
promise priced by its risk; a *position* is an open contract as far as its value goes; a
*valuation* is all positions on one set of price paths.

Invariants:
- A point is never overwritten. A correction is a new version, learned at a later moment, and any
  answer can be asked again as known at a moment.
- A row enters only if every check passes; every reason that refuses it is named.
- A missing price is named, never zero and never the price of another day.
- A day that says something else than before is listed with everything that used it.
- A quote is never changed, and its inputs give its figures again.
- A valuation is computed from what was frozen when it was started; its seed gives it again.
- A revision charges nobody until another person than its maker approved it, and is never edited.
- Of two revisions with one effective date and customer, the one approved later is in force.
"""
