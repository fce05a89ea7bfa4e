"""What the implementations of one backend share: how its functions are called, and what it declines. Knows no op."""
