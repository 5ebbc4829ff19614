#ifndef BARTIZAN_CCATALOGUES_H
#define BARTIZAN_CCATALOGUES_H

#include <stddef.h>

/// One file of `Data`, as it lies in the repository, for as long as the program runs.
typedef struct {
  const char *_Nonnull name;
  const unsigned char *_Nonnull bytes;
  size_t count;
} bartizan_catalogue_file;

/// How many files are bundled.
extern const size_t bartizan_catalogue_file_count;

/// The file at `index`, which must be below the count.
bartizan_catalogue_file bartizan_catalogue_file_at(size_t index);

#endif
