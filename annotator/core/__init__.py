"""The words of the project and their rules. Standard library only, no I/O, no clock."""
