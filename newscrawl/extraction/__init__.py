"""From a page to an article: which page class reads it, and which of its dates count."""
