/// Streams by number instead of by name, for simulations that need one for each of many million cells.
extension SeededRandom {
  /// The streams of one row of a grid, for example of one sample of a simulation.
  public struct Row: Sendable {
    fileprivate let key: UInt64

    /// The stream of one cell; costs nothing until it is drawn from.
    public func cell(_ index: Int) -> SeededRandom {
      SeededRandom(key: key, lane: UInt64(bitPattern: Int64(index)))
    }
  }

  /// Row `index` of a grid of independent streams; costs one block of Philox. Neither the order in which
  /// rows and cells are asked for nor what was drawn before matters.
  public func row(_ index: Int) -> Row {
    let number = UInt64(bitPattern: Int64(index))
    // The complemented lane keeps rows apart from this stream's own numbers, which count blocks likewise.
    let block = Self.philox(
      counter: (
        UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32), ~lane.0,
        ~lane.1
      ), key: key)
    return Row(key: UInt64(block.0) | UInt64(block.1) << 32)
  }
}
