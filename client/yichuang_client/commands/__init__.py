"""命令行: what the client does without its window: judging pages, trying devices."""
