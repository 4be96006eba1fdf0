"""文案目录: every word that a person reads, in Chinese and in English."""
