"""Everything SQL; rows never leave this package.

`store.Store` takes and returns the types of `values`.
"""
