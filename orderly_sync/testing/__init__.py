"""What users' tests may stand on."""
