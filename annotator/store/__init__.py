"""Everything SQL; rows never leave this folder.

`values` is what goes in and comes out, `store.Store` takes and gives it.
"""
