"""Documents of word processors and PDF: their paragraphs, title and author."""
