// The part of libarchive (Debian: libarchive-dev) that readers of archives use.
#ifndef BARTIZAN_CLIBARCHIVE_SHIM_H
#define BARTIZAN_CLIBARCHIVE_SHIM_H

#include <archive.h>
#include <archive_entry.h>

#endif
