"""Trading campaigns: model and routes."""
