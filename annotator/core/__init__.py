"""The domain model and its rules. Standard library only, no I/O, no clock."""
