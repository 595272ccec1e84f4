"""What is true now: order books, positions, holdings, open orders, margin, and the session that keeps them so."""
