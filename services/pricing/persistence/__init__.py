"""Price series, price points, fee schedules and revisions ⇄ rows."""
