/// What a model may ask for before it is refused: a file of a few bytes can claim any size.
///
/// Together they bound the memory of one run, beside the file and its constants: `activations` elements that
/// are alive, of at most 8 bytes each (2 GiB), and while an operator runs a few copies of its operands and
/// result with an index for each element. Tests run bombs through the command under a limit of memory above `memoryBound`.
package enum NetworkLimits {
  package static let nodes = 100_000
  package static let rank = 8
  /// Elements of one tensor, for one sample.
  package static let elements = 1 << 27
  /// Elements of all values together that one sample's gradient keeps.
  package static let activations = 1 << 28
  /// Multiply-adds, comparisons or additions for one sample.
  package static let work = 1 << 36
  /// Elements and work of values that are computed while planning.
  package static let foldedElements = 1 << 25
  /// Bytes of memory that a run takes at most beside its file.
  package static let memoryBound = 8 << 30
  package static let foldedWork = 1 << 30

  /// The product of the dimensions, or nil where a dimension is not in `1...elements` or the product
  /// or the rank is over its limit.
  package static func elementCount(_ shape: [Int]) -> Int? {
    guard shape.count <= rank else { return nil }
    var count = 1
    for dimension in shape {
      guard dimension >= 1, dimension <= elements else { return nil }
      count *= dimension  // at most 2²⁸ · 2²⁸
      guard count <= elements else { return nil }
    }
    return count
  }

  /// The product of the dimensions, which may be 0; nil where the product or the rank is over its limit.
  package static func volume(_ shape: [Int]) -> Int? {
    elementCount(shape.map { max($0, 1) }).map { shape.contains(0) ? 0 : $0 }
  }

  /// What calling an operator counts as, in elementary steps, however little it does: a microsecond or two.
  static let stepsOfACall = 8_192

  /// Rounds of a Loop or Scan in one run.
  package static let rounds = 1 << 20
}
