"""Reads mails and mailboxes: their text, title and sender, and the articles attached."""
