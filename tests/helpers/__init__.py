"""Shared by tests of several folders: values, strategies, prepared stores, processes."""
