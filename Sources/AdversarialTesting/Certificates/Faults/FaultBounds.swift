import NeuralRuntime
import TensorCore

/// Bounds over a batch of boxes of one piece: which are decided, and where to split the others.
struct FaultBounds {
  enum Verdict: Sendable {
    case proved
    /// Every fault of the box reaches the goal.
    case refuted
    /// `split` is nil where no parameter can be halved; the corner is where the goal is nearest by the lines.
    case open(split: Int?, corner: [Double])
  }

  let verdicts: [Verdict]

  /// What a line's own slope counts beside the looseness that a parameter causes.
  private static let slopeWeight = 0.3

  init(
    _ batch: [FaultBox], _ propagation: LinearPropagation, _ rows: GoalRows, _ effort: FaultEffort,
    _ isVolume: Bool
  ) {
    let state = propagation.relaxed(
      over: BoxBatch(
        lower: batch.flatMap(\.lower), upper: batch.flatMap(\.upper), count: batch.count))
    let specification = rows.specification(boxes: batch.count)
    var lines = propagation.lowerBounds(
      outputs: specification.outputs, constants: specification.constants,
      boxes: specification.boxes, in: state)
    if let range = state.output {
      let width = rows.width
      for box in batch.indices {
        let part = box * width..<(box + 1) * width
        let bounds = rows.bounds(
          lower: Array(range.lower.elements[part]), upper: Array(range.upper.elements[part]))
        for (row, bound) in bounds.enumerated() where bound > lines.bounds[box * rows.count + row] {
          lines.bounds[box * rows.count + row] = bound
        }
      }
    }
    var open = batch.indices.map { box in
      rows.open(lines.bounds[box * rows.count..<(box + 1) * rows.count])
    }
    let leading = open.map { $0.first?.row }
    Self.optimise(&open, propagation, rows, state, effort.slopeSteps)
    var isRefuted = [Bool](repeating: false, count: batch.count)
    if isVolume {
      let negated = rows.specification(boxes: batch.count, isNegated: true)
      let bounds = propagation.lowerBounds(
        outputs: negated.outputs, constants: negated.constants, boxes: negated.boxes, in: state
      ).bounds
      isRefuted = batch.indices.map { box in
        rows.alternatives.contains { alternative in
          alternative.allSatisfy { bounds[box * rows.count + $0] > 0 }
        }
      }
    }
    verdicts = batch.indices.map { box in
      if open[box].isEmpty { return .proved }
      if isRefuted[box] { return .refuted }
      return Self.split(
        batch[box], row: box * rows.count + (leading[box] ?? 0), lines, propagation, state)
    }
  }

  /// Optimises the leading row of each open alternative, all boxes together.
  private static func optimise(
    _ open: inout [[(alternative: Int, row: Int)]], _ propagation: LinearPropagation,
    _ rows: GoalRows, _ state: RelaxedBatch, _ steps: Int
  ) {
    let places = open.indices.flatMap { box in open[box].indices.map { (box, $0) } }
    guard steps > 0, !places.isEmpty else { return }
    // A network that takes one sample at a time takes one row at a time.
    let count = propagation.isBatched ? places.count : 1
    var bounds: [Double] = []
    for start in stride(from: 0, to: places.count, by: count) {
      let part = places[start..<min(start + count, places.count)]
      let chosen = part.map { open[$0.0][$0.1].row }
      bounds +=
        propagation.optimised(
          LinearPropagation.Specification(
            outputs: chosen.flatMap {
              rows.coefficients[$0 * rows.width..<($0 + 1) * rows.width]
            }, inputs: [], constants: chosen.map { rows.constants[$0] }, boxes: part.map(\.0)),
          in: state, steps: steps
        ).bounds
    }
    var kept = open.map { _ in [(alternative: Int, row: Int)]() }
    for (place, bound) in zip(places, bounds) where bound <= 0 {
      kept[place.0].append(open[place.0][place.1])
    }
    open = kept
  }

  private static func split(
    _ box: FaultBox, row: Int, _ lines: LinearPropagation.InputRows,
    _ propagation: LinearPropagation, _ state: RelaxedBatch
  ) -> Verdict {
    let width = box.lower.count
    let widths = zip(box.lower, box.upper).map { $1 - $0 }
    let slopes = lines.coefficients[row * width..<(row + 1) * width]
    let looseness = propagation.looseness(of: row, in: lines, over: state, widths: widths[...])
    let corner = slopes.enumerated().map { $1 > 0 ? box.lower[$0] : box.upper[$0] }
    var best: (place: Int, weight: Double)?
    for place in 0..<width {
      let middle = box.middle[place]
      guard box.lower[place] < middle, middle < box.upper[place] else { continue }
      let slope = abs(slopes[slopes.startIndex + place])
      var weight = slope.isFinite ? slope * widths[place] * slopeWeight : 0
      if !looseness.isEmpty { weight += looseness[place] }
      // Where the lines say nothing, the box that was halved least often in this parameter.
      weight += widths[place] * 0x1p-60
      if best.map({ weight > $0.weight }) ?? true { best = (place, weight) }
    }
    return .open(split: best?.place, corner: corner)
  }
}
