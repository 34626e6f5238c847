"""Records in parts: items as dicts and back, checks of the fields, a record as decisions."""
