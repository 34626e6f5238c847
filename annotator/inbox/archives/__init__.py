"""Reads the files in an archive, in memory and within limits; nothing is unpacked to disk."""
