"""The venue's margin formulas, pure: used by the live state and by the paper venue alike."""
