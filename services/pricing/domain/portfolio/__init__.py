"""All promises together: one joint set of price paths, what they come to, and what they risk."""
