"""The account's past, whole."""
