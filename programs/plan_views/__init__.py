"""Pages on which the secretariat plans programmes, activities, indicators and targets."""
