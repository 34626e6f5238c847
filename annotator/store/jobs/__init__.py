"""The queue of jobs that the workers of several machines share, on PostgreSQL."""
