"""Who and what names mean: identities, proposals, and their mentions."""
