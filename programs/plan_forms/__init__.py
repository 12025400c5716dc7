"""What the browser said about the plan."""
