"""Input from the terminal, output to it, and the end of the terminal or the program."""
