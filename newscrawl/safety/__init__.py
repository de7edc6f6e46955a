"""What keeps a crawl polite and safe: one rule each."""
