"""Points: stages, epochs, what trades earn, and their routes."""
