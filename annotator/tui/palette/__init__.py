"""The lines of the palette: what can be done on each screen."""
