"""What the terminal sends, what it is sent, and what happens when it or the program ends."""
