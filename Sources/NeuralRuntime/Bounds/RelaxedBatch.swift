package import TensorCore

/// What the forward pass over a batch of boxes leaves behind: ranges of values, and for each step the offsets
/// or planes that hold over its box.
package struct RelaxedBatch: Sendable {
  enum Link: Sendable {
    /// Lower and upper offsets of each output, `[boxes, width]`.
    case offsets(lower: [[Double]], upper: [[Double]])
    case planes(RelaxationPlanes)
  }

  /// How strongly each input moves the elements of a value whose planes are not exact.
  struct Trace: Sendable {
    /// The entries of each box.
    var starts: [Int]
    var elements: [Int]
    /// `[entries, inputs]`: the greater slope of the lines below and above.
    var slopes: [Double]

    /// - Parameters:
    ///   - selection: Rows of +y and −y in turn, box after box.
    ///   - coefficients: `[rows, inputs]`.
    init(_ selection: RowSelection, _ coefficients: [Double], inputs: Int, boxes: Int) {
      starts = [0]
      elements = []
      slopes = []
      slopes.reserveCapacity(coefficients.count / 2)
      for row in stride(from: 0, to: selection.boxes.count, by: 2) {
        while starts.count <= selection.boxes[row] { starts.append(elements.count) }
        elements.append(selection.elements[row])
        for input in row * inputs..<(row + 1) * inputs {
          slopes.append(max(abs(coefficients[input]), abs(coefficients[input + inputs])))
        }
      }
      while starts.count <= boxes { starts.append(elements.count) }
    }
  }

  package let count: Int
  /// Ranges by value, with the boxes along axis 0.
  var ranges: [IntervalTensor?]
  var links: [Link?]
  /// By value, where linear bounds were made and inputs are few.
  var traces: [Trace?]
  /// By value, `[boxes, width]`: multipliers of what is known of its sign. Law: positive only where no value of the
  /// element is below 0, negative only where none is above.
  var multipliers: [[Double]?] = []
  /// Boxes in which no evaluation is possible: what was assumed of a value contradicts its bounds.
  package var isEmpty: [Bool]

  /// The range of the output over each box, `[boxes] + output shape`.
  package internal(set) var output: IntervalTensor?
}
