"""The journal: how its entries are chained, and what it says in words."""
