"""What the secretariat does to the plan: programmes, activities, years, indicators, targets."""
