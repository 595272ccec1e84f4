"""The paper venue: an exchange in memory, and the server that speaks its wire protocol."""
