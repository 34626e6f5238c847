"""What several reviewers say of one article, compared."""
