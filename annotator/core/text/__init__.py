"""Text as characters: words, sentences, paragraphs, and what of it nobody sees."""
