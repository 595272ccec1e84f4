"""What one can place: requests, their terms, the rules they are held against, and the handles that follow them."""
