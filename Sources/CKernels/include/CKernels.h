/* Deterministic kernels: each output element is one chain of fused multiply-adds in a fixed order. */
#ifndef BARTIZAN_CKERNELS_H
#define BARTIZAN_CKERNELS_H
#endif
