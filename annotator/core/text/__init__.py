"""Text as characters: words, sentences, paragraphs, invisible characters."""
