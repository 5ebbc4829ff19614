package import TensorCore

/// Linear relaxations of the elementary functions, by what is known of how each bends over a range.
extension ElementaryFunction: PlanarOperator {
  package func planes(
    over operands: [IntervalTensor], varying: [Bool], within range: IntervalTensor, boxes: Int
  ) -> RelaxationPlanes? {
    RelaxationPlanes(over: operands[0], within: range, boxes: boxes, lines: lines)
  }

  /// nil where only the range is known.
  func lines(over low: Double, _ high: Double) -> LinePair? {
    switch node.operation {
    case "Abs": return .magnitude(over: low, high)
    case "Neg": return LinePair(exactly: LinePair.Line(slope: -1, offset: 0))
    case "HardSigmoid": return hardSigmoid(over: low, high)
    default: break
    }
    guard let curvature = curvature(over: low, high) else { return nil }
    let pair = LinePair.curve(
      curvature, over: low, high, value: function.value, derivative: function.derivative)
    // The functions that turn have values below 1 in magnitude between their ends, or those of their ends.
    let reach = max(abs(function.value(low)), abs(function.value(high)), isMonotone ? 0 : 1)
    return pair?.widenedForFloat(low: reach, high: reach)
  }

  private var isMonotone: Bool {
    switch function.course {
    case .rising, .falling: true
    default: false
    }
  }

  private func curvature(over low: Double, _ high: Double) -> LinePair.Curvature? {
    let isPositive = low > 0
    let isNegative = high < 0
    switch node.operation {
    case "Cosh", "Exp", "Softplus": return .convex
    case "Acosh": return low > 1 ? .concave : nil
    case "Log", "Sqrt": return isPositive ? .concave : nil
    case "Reciprocal": return isPositive ? .convex : isNegative ? .concave : nil
    case "Asinh", "Atan", "Erf", "Softsign": return .sigmoidal(around: 0)
    case "Sinh": return isPositive ? .convex : isNegative ? .concave : nil
    case "Asin", "Atanh":
      guard low > -1, high < 1 else { return nil }
      return isPositive ? .convex : isNegative ? .concave : nil
    case "Acos":
      guard low > -1, high < 1 else { return nil }
      return isPositive ? .concave : isNegative ? .convex : nil
    case "Cos", "Sin": return .bounded(1)
    // The second derivative of either form of Gelu is at most 2 / √(2π) < 0.798, that of Mish 0.6443.
    case "Gelu": return .bounded(0.798)
    case "Mish": return .bounded(0.645)
    case "Celu": return function.derivative(-1) <= 1 ? .convex : nil
    case "Elu":
      // The slope jumps at 0 from alpha to 1.
      let alpha = function.derivative(-0.0)
      return isPositive || isNegative || alpha >= 0 && alpha <= 1 ? .convex : nil
    case "Selu": return isPositive || isNegative ? .convex : nil
    case "HardSwish": return low > -3 && high < 3 ? .convex : nil
    default: return nil
    }
  }

  private func hardSigmoid(over low: Double, _ high: Double) -> LinePair? {
    // Inside the ramp the slope is alpha; its value there gives the rest.
    let (zero, one) = (function.value(low), function.value(high))
    guard function.course.isRising, zero < one else { return nil }
    let alpha = rampSlope
    guard alpha > 0, alpha.isFinite else { return nil }
    let beta = rampOffset
    let pair = LinePair.clip(
      from: 0, to: 1, over: alpha * low + beta, alpha * high + beta)
    func composed(_ line: LinePair.Line) -> LinePair.Line {
      LinePair.Line(slope: line.slope * alpha, offset: line.offset + line.slope * beta)
    }
    let reach = max(abs(alpha * low), abs(alpha * high)) + abs(beta)
    return LinePair(lower: composed(pair.lower), upper: composed(pair.upper))
      .widened(by: OutwardRounding.error(ofSum: 2, magnitude: reach))
  }

  private var rampSlope: Double { (try? node.float("alpha")).flatMap(\.self) ?? Double(Float(0.2)) }

  private var rampOffset: Double { (try? node.float("beta")).flatMap(\.self) ?? 0.5 }
}

extension RealFunction.Course {
  var isRising: Bool { if case .rising = self { true } else { false } }
}
