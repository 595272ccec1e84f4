"""What surrounds the exchange, a programme a folder: its model and its routes. Trading never needs them."""
