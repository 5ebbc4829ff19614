import CKernels

/// What is done with the last value y of a chain of multiply-adds, exactly as a separate operator would.
package enum KernelEpilogue: Hashable, Sendable {
  case none
  /// y < 0 ? 0 : y
  case relu
  /// r = y < low ? low : y, then r > high ? high : r; both bounds are rounded to the element type.
  case clip(low: Double, high: Double)
  /// y < 0 ? y · slope : y, with the slope rounded to the element type.
  case leaky(slope: Double)

  package var code: Int32 {
    switch self {
    case .none: Int32(BARTIZAN_EPILOGUE_NONE)
    case .relu: Int32(BARTIZAN_EPILOGUE_RELU)
    case .clip: Int32(BARTIZAN_EPILOGUE_CLIP)
    case .leaky: Int32(BARTIZAN_EPILOGUE_LEAKY)
    }
  }

  package var low: Double {
    switch self {
    case .none, .relu: 0
    case .clip(let low, _): low
    case .leaky(let slope): slope
    }
  }

  package var high: Double {
    if case .clip(_, let high) = self { high } else { 0 }
  }
}

/// Where each element's chain of multiply-adds starts.
@unsafe
package enum ChainStart<S: KernelScalar> {
  /// From the value that the result holds.
  case existing
  case zero
  /// From one value for each column of the result.
  case columnBias(UnsafeBufferPointer<S>)
  /// From one value for each row of the result: for convolution, for each output channel.
  case rowBias(UnsafeBufferPointer<S>)

  /// Calls `body` with the C form of these ends, whose bias was checked against the result's size.
  func withEnds(
    _ epilogue: KernelEpilogue, rows: Int, columns: Int,
    _ body: (UnsafePointer<bartizan_ends>) -> Void
  ) {
    var ends = unsafe bartizan_ends()
    unsafe ends.epilogue = epilogue.code
    unsafe ends.low = epilogue.low
    unsafe ends.high = epilogue.high
    switch unsafe self {
    case .existing: unsafe ends.start = Int32(BARTIZAN_START_EXISTING)
    case .zero: unsafe ends.start = Int32(BARTIZAN_START_ZERO)
    case .columnBias(let bias):
      precondition(bias.count >= columns, "a bias for each column")
      unsafe ends.start = Int32(BARTIZAN_START_COLUMN_BIAS)
      unsafe ends.bias = unsafe UnsafeRawPointer(bias.baseAddress)
    case .rowBias(let bias):
      precondition(bias.count >= rows, "a bias for each row")
      unsafe ends.start = Int32(BARTIZAN_START_ROW_BIAS)
      unsafe ends.bias = unsafe UnsafeRawPointer(bias.baseAddress)
    }
    unsafe body(&ends)
  }
}
