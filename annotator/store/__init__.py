"""Everything SQL; rows never leave this folder. `values` is what comes out, `store.Store` gives it."""
