"""Order and recovery of reports: sequencer, deduplicator, what is rebuilt from REST, and when it is read."""
