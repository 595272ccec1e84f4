"""Long runs by hand: each prints what it saw and exits 1 if anything was wrong."""
