"""Rules of `query_params`: what they see of an item, and how they compare it."""
