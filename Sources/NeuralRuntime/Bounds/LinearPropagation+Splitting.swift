import TensorCore

/// Where a split would help: how much of a line's looseness comes from each input, or from each activation.
extension LinearPropagation {
  /// For one row of bounds, how much each input's width adds to the gaps between activations and their planes,
  /// weighted by how the row reads them. Empty where inputs are many.
  ///
  /// - Parameters:
  ///   - row: A row of `lines`.
  ///   - widths: The widths of the row's box.
  package func looseness(
    of row: Int, in lines: InputRows, over state: RelaxedBatch, widths: ArraySlice<Double>
  ) -> [Double] {
    guard tracesInputs, !lines.kept.isEmpty else { return [] }
    let box = lines.boxes[row]
    var result = [Double](repeating: 0, count: inputWidth)
    for value in anchors {
      guard let trace = state.traces[value], let kept = lines.kept[value],
        let range = state.ranges[value]
      else { continue }
      let width = width(value)
      for entry in trace.starts[box]..<trace.starts[box + 1] {
        let element = trace.elements[entry]
        let low = range.lower.elements[box * width + element]
        let high = range.upper.elements[box * width + element]
        let a = kept[row * width + element]
        guard low < 0, high > 0, a != 0 else { continue }
        // The gap of the plane that the row reads, at its widest, for each unit of the range.
        let gap = a < 0 ? -low * high / (high - low) : min(high, -low)
        let share = abs(a) * gap / (high - low)
        for input in result.indices {
          result[input] +=
            share * trace.slopes[entry * inputWidth + input] * widths[widths.startIndex + input]
        }
      }
    }
    return result
  }

  /// The element of an anchor whose kink loosens a row of bounds most: its anchor's place among the anchors, and its
  /// own; nil where no kink is left inside a range.
  package func loosest(
    in lines: InputRows, row: Int, over state: RelaxedBatch
  ) -> (anchor: Int, element: Int)? {
    guard !lines.kept.isEmpty else { return nil }
    let box = lines.boxes[row]
    var best: (anchor: Int, element: Int)?
    var most = 0.0
    for (place, value) in anchors.enumerated() where settlesBySign[value] {
      guard let kept = lines.kept[value], let range = state.ranges[value] else { continue }
      let width = width(value)
      for element in 0..<width {
        let low = range.lower.elements[box * width + element]
        let high = range.upper.elements[box * width + element]
        guard low < 0, high > 0 else { continue }
        let a = kept[row * width + element]
        let gap = abs(a) * (a < 0 ? -low * high / (high - low) : min(high, -low))
        if gap > most { (most, best) = (gap, (place, element)) }
      }
    }
    return best
  }

  /// Whether the first quantised steps of the network are few: then they are split before inputs are, since between
  /// them nothing that follows changes.
  package func openSteps(
    of box: Int, in state: RelaxedBatch, atMost limit: Int
  ) -> (anchor: Int, element: Int, lowerHalfEnd: Double)? {
    guard let anchor = stepAnchors.first, width(anchors[anchor]) <= limit,
      let range = state.ranges[anchors[anchor]]
    else { return nil }
    let width = width(anchors[anchor])
    var best: (anchor: Int, element: Int, lowerHalfEnd: Double)?
    var most = 0.0
    for element in 0..<width {
      let low = range.lower.elements[box * width + element]
      let high = range.upper.elements[box * width + element]
      if high - low > most {
        most = high - low
        best = (anchor, element, (low / 2 + high / 2).rounded(.down))
      }
    }
    return best
  }
}
