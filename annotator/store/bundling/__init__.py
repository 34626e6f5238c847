"""Offline bundles: reviews taken along, and brought home."""
