"""A paper venue started for a client, and a market that follows another. Imported only then."""
