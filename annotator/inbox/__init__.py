"""Watches the inbox, waits until files are complete, and reads them as articles."""
