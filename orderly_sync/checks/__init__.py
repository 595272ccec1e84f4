"""Small checks of a machine, of the way to a venue and of a key: each says what it found and what to do about it."""
