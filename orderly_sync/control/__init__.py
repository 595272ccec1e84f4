"""What a client can do to a paper venue, in this process or served apart."""
