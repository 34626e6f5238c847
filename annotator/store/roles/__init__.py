"""Who may do what on PostgreSQL: database roles, row level security, functions of the owner."""
