"""Reviews as labelled spans and links, for formats of programs that have nothing else."""
