"""Learns from decisions: statistics of surface forms, and suggestions improved by them."""
