/* Counts the calling thread's allocations, so that a test can show that code makes none. */
#ifndef BARTIZAN_CALLOCATIONCOUNTER_H
#define BARTIZAN_CALLOCATIONCOUNTER_H

/* 1 where allocations are counted: with glibc, without sanitizers. */
int bartizan_counts_allocations(void);

/* Allocations of this thread so far. */
unsigned long bartizan_allocations(void);

#endif
