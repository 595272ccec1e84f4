"""HTTP operations that are no programme, a section of the menu a module; ``table.ROUTES`` has all."""
