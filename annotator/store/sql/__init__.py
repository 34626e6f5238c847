"""The database itself: tables, connections, errors, backups."""
