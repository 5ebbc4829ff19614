"""What the training programs of the bundled models share: files, cards, statistics, the optimiser."""
