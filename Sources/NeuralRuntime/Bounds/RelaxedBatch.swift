package import TensorCore

/// What the forward pass over a batch of boxes leaves behind: ranges of values, and for each step the offsets
/// or planes that hold over its box.
package struct RelaxedBatch: Sendable {
  enum Link: Sendable {
    /// Lower and upper offsets of each output, `[boxes, width]`.
    case offsets(lower: [[Double]], upper: [[Double]])
    case planes(RelaxationPlanes)
  }

  package let count: Int
  /// Ranges by value, with the boxes along axis 0.
  var ranges: [IntervalTensor?]
  var links: [Link?]
  /// Boxes in which no evaluation is possible: what was assumed of a value contradicts its bounds.
  package var isEmpty: [Bool]

  /// The range of the output over each box, `[boxes] + output shape`.
  package internal(set) var output: IntervalTensor?
}
