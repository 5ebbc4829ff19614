/// For each output of an operator, in each of a batch of boxes, a plane below it and a plane above it: how
/// operators that are not affine take part in linear bounds.
///
/// A plane reads at most `arity` elements of the operands. Law: for operands x inside the box,
/// Σ lowerSlopes · x + lowerOffset ≤ y ≤ Σ upperSlopes · x + upperOffset.
public struct RelaxationPlanes: Sendable {
  /// Boxes in the batch.
  public let boxes: Int
  /// Elements of the output in one box.
  public let width: Int
  /// Elements that one plane reads.
  public let arity: Int
  /// Which elements, as indices into one box's operands laid end to end, `[boxes, width, arity]`; nil where
  /// output i reads element i of the only operand that varies.
  public var sources: [Int]?
  /// `[boxes, width, arity]`.
  public var lowerSlopes: [Double]
  public var upperSlopes: [Double]
  /// `[boxes, width]`.
  public var lowerOffsets: [Double]
  public var upperOffsets: [Double]

  /// Planes that are all zero.
  public init(boxes: Int, width: Int, arity: Int = 1, readsInOrder: Bool = true) {
    self.boxes = boxes
    self.width = width
    self.arity = arity
    let count = boxes * width
    sources = readsInOrder ? nil : Array(repeating: 0, count: count * arity)
    lowerSlopes = Array(repeating: 0, count: count * arity)
    upperSlopes = lowerSlopes
    lowerOffsets = Array(repeating: 0, count: count)
    upperOffsets = lowerOffsets
  }

  /// Elementwise planes from their numbers, `[boxes, width]` each.
  package init(
    boxes: Int, width: Int, lowerSlopes: [Double], upperSlopes: [Double], lowerOffsets: [Double],
    upperOffsets: [Double]
  ) {
    precondition(
      [lowerSlopes, upperSlopes, lowerOffsets, upperOffsets].allSatisfy {
        $0.count == boxes * width
      }, "a number for each element")
    (self.boxes, self.width, arity, sources) = (boxes, width, 1, nil)
    (self.lowerSlopes, self.upperSlopes) = (lowerSlopes, upperSlopes)
    (self.lowerOffsets, self.upperOffsets) = (lowerOffsets, upperOffsets)
  }

  /// Elementwise planes: `lines` relaxes a function over the range of one element; nil falls back on `range`.
  public init(
    over operand: IntervalTensor, within range: IntervalTensor, boxes: Int,
    lines: (Double, Double) -> LinePair?
  ) {
    self.init(boxes: boxes, width: operand.lower.count / max(boxes, 1))
    let (low, high) = (operand.lower.elements, operand.upper.elements)
    for i in low.indices {
      let pair =
        lines(low[i], high[i])
        ?? LinePair(between: range.lower.elements[i], and: range.upper.elements[i])
      set(i, pair)
    }
  }

  /// The planes of x ↦ max(x, 0) for each element.
  public init(rectifying operand: IntervalTensor, boxes: Int) {
    let zeros = [Double](repeating: 0, count: operand.lower.count)
    var (less, more, constants) = (zeros, zeros, zeros)
    let (low, high) = (operand.lower.elements, operand.upper.elements)
    for i in low.indices {
      // Most elements lie on one side; of the others only the plane above has an offset.
      if low[i] >= 0 {
        (less[i], more[i]) = (1, 1)
      } else if high[i] > 0 {
        let pair = LinePair.leaky(slope: 0, over: low[i], high[i])
        (less[i], more[i], constants[i]) = (pair.lower.slope, pair.upper.slope, pair.upper.offset)
      }
    }
    self.init(
      boxes: boxes, width: zeros.count / max(boxes, 1), lowerSlopes: less, upperSlopes: more,
      lowerOffsets: zeros, upperOffsets: constants)
  }

  /// Sets an elementwise plane.
  @inlinable
  public mutating func set(_ index: Int, _ pair: LinePair) {
    lowerSlopes[index] = pair.lower.slope
    lowerOffsets[index] = pair.lower.offset
    upperSlopes[index] = pair.upper.slope
    upperOffsets[index] = pair.upper.offset
  }

  /// Moves every plane outwards by `share` of the magnitudes it adds up: room for the rounding of `Double`
  /// arithmetic that computes and composes planes.
  ///
  /// - Parameter magnitudes: The greatest magnitude of each element of one box's operands laid end to end,
  ///   `[boxes, inputs]`.
  public mutating func widen(by share: Double, magnitudes: [Double]) {
    if arity == 1, sources == nil {
      Self.move(&lowerOffsets, down: 1, by: share, lowerSlopes, magnitudes)
      Self.move(&upperOffsets, down: -1, by: share, upperSlopes, magnitudes)
      return
    }
    let inputs = boxes == 0 ? 0 : magnitudes.count / boxes
    for i in lowerOffsets.indices {
      let first = (i / width) * inputs
      var low = abs(lowerOffsets[i])
      var high = abs(upperOffsets[i])
      for tap in i * arity..<(i + 1) * arity {
        let x = magnitudes[first + (sources?[tap] ?? i % width)]
        // A slope of 0 reads nothing, even from a range without an end.
        if lowerSlopes[tap] != 0 { low += abs(lowerSlopes[tap]) * x }
        if upperSlopes[tap] != 0 { high += abs(upperSlopes[tap]) * x }
      }
      lowerOffsets[i] = (lowerOffsets[i] - share * low).nextDown
      upperOffsets[i] = (upperOffsets[i] + share * high).nextUp
    }
  }

  /// The offsets of elementwise planes, moved by `share` of what they add up: down with a sign of 1, up with −1.
  private static func move(
    _ offsets: inout [Double], down sign: Double, by share: Double, _ slopes: [Double],
    _ magnitudes: [Double]
  ) {
    precondition(
      magnitudes.count == offsets.count && slopes.count == offsets.count,
      "one magnitude for each element")
    let (slopes, magnitudes) = (slopes.span, magnitudes.span)
    var offsets = offsets.mutableSpan
    for i in offsets.indices {
      let (offset, slope) = unsafe (offsets[unchecked: i], abs(slopes[unchecked: i]))
      let part = unsafe slope * magnitudes[unchecked: i]
      let reach = abs(offset) + (slope == 0 ? 0 : part)
      unsafe offsets[unchecked: i] =
        sign * OutwardRounding.next(below: sign * offset - share * reach)
    }
  }
}

extension RelaxationPlanes {
  /// Coefficients of the outputs as coefficients of the operands laid end to end: each goes to the elements its
  /// plane reads.
  ///
  /// - Parameter coefficients: `[boxOfRow.count, width]`.
  /// - Returns: `[boxOfRow.count, inputs]`.
  public func scattered(_ coefficients: [Double], boxOfRow: [Int], inputs: Int) -> [Double] {
    precondition(
      coefficients.count == boxOfRow.count * width && boxOfRow.allSatisfy { $0 >= 0 && $0 < boxes }
        && lowerSlopes.count == boxes * width * arity && upperSlopes.count == lowerSlopes.count
        && (sources?.count ?? lowerSlopes.count) == lowerSlopes.count
        && (sources?.allSatisfy { $0 >= 0 && $0 < inputs } ?? (width <= inputs && arity == 1)),
      "rows, boxes and operands fit each other")
    var result = [Double](repeating: 0, count: boxOfRow.count * inputs)
    // An output that reads the element in its place reads its own index.
    let sources = sources ?? (0..<boxes * width).map { $0 % width }
    unsafe coefficients.withUnsafeBufferPointer { coefficients in
      unsafe result.withUnsafeMutableBufferPointer { result in
        unsafe sources.withUnsafeBufferPointer { sources in
          unsafe lowerSlopes.withUnsafeBufferPointer { lower in
            unsafe upperSlopes.withUnsafeBufferPointer { upper in
              for (row, box) in boxOfRow.enumerated() {
                let place = row * inputs
                for i in 0..<width {
                  let a = unsafe coefficients[row * width + i]
                  guard a != 0 else { continue }
                  let first = (box * width + i) * arity
                  for tap in first..<first + arity {
                    let slope = unsafe a < 0 ? upper[tap] : lower[tap]
                    unsafe result[place + sources[tap]] += a * slope
                  }
                }
              }
            }
          }
        }
      }
    }
    return result
  }
}

extension RelaxationPlanes {
  /// The planes of some boxes, which may repeat, as a batch of their own.
  public func gathered(boxes chosen: [Int]) -> RelaxationPlanes {
    var result = RelaxationPlanes(
      boxes: chosen.count, width: width, arity: arity, readsInOrder: sources == nil)
    func rows<T>(_ elements: [T], _ size: Int) -> [T] {
      var rows: [T] = []
      rows.reserveCapacity(chosen.count * size)
      for box in chosen { rows.append(contentsOf: elements[box * size..<(box + 1) * size]) }
      return rows
    }
    result.sources = sources.map { rows($0, width * arity) }
    result.lowerSlopes = rows(lowerSlopes, width * arity)
    result.upperSlopes = rows(upperSlopes, width * arity)
    result.lowerOffsets = rows(lowerOffsets, width)
    result.upperOffsets = rows(upperOffsets, width)
    return result
  }
}
