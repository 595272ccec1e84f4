"""For notebooks: what turns rows into tables and charts lives here, and is imported by nothing else."""
