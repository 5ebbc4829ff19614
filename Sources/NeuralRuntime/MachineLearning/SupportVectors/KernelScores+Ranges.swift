import TensorCore

/// Ranges of scores over a box of samples: the sum of the similarities' ranges, met with the value at the middle plus
/// the range of the gradient over the box, and widened by what an engine's `Float` arithmetic may be off.
///
/// Source of the second form: Neumaier, "Interval methods for systems of equations", 1990, section 2.3.
extension KernelScores {
  /// Products for one sample up to which gradients are bounded.
  private static let gradientLimit = 1 << 24

  /// The range of each score, and what the magnitudes of its products add up to.
  func ranges(
    over x: IntervalTensor, at start: Int
  ) -> (scores: [Ranges.Range], magnitudes: [Double]) {
    let box = (0..<width).map { x[start + $0] }
    let unknown = Ranges.Range(-.infinity, .infinity)
    guard box.allSatisfy({ $0.low.isFinite && $0.high.isFinite }), gamma.isFinite,
      offset.isFinite, degree.isFinite
    else {
      return (terms.map { _ in unknown }, terms.map { _ in .infinity })
    }
    let middle = box.map { Ranges.Range($0.low / 2 + $0.high / 2, $0.low / 2 + $0.high / 2) }
    let similarities = (0..<vectorCount).map { similarity(over: box, $0 * width) }
    let centres = (0..<vectorCount).map { value(argument(over: middle, $0 * width).range) }
    let hasGradients = width * termCount <= Self.gradientLimit
    let slopes = similarities.map(\.slope)
    var scores: [Ranges.Range] = []
    var magnitudes: [Double] = []
    for (terms, constant) in zip(terms, constants) {
      var range = Ranges.Range(Double(constant), Double(constant))
      var centre = range
      var (magnitude, error, size) = (abs(Double(constant)), 0.0, abs(Double(constant)))
      for term in terms {
        let factor = Double(term.coefficient)
        let own = similarities[term.vector]
        range = Ranges.sum(range, Ranges.product((factor, factor), own.range))
        centre = Ranges.sum(centre, Ranges.product((factor, factor), centres[term.vector]))
        error += abs(factor) * own.error
        magnitude += abs(factor) * (Ranges.magnitude(own.range).high + own.error)
        size += abs(factor) * own.magnitude
      }
      if hasGradients {
        let rise = rise(of: terms, over: box, middle, slopes)
        range = Ranges.intersection(range, Ranges.sum(centre, rise))
      }
      let room =
        error * (1 + 0x1p-30) + OutwardRounding.error(ofSum: terms.count + 2, magnitude: magnitude)
      let wide = Ranges.Range(range.low - room, range.high + room)
      let isKnown = max(magnitude, size) < OutwardRounding.overflow && wide.low <= wide.high
      scores.append(isKnown ? wide : unknown)
      magnitudes.append(isKnown ? size : .infinity)
    }
    return (scores, magnitudes)
  }

  /// What one vector adds to the scores, over a box.
  private struct Similarity {
    var range: Ranges.Range
    /// Of the derivative by the inner product, or by the squared distance.
    var slope: Ranges.Range
    /// How far an engine's value may be off.
    var error: Double
    /// What the magnitudes of the inner product's terms add up to.
    var magnitude: Double
  }

  /// Gradient times distance from the middle.
  private func rise(
    of terms: [Term], over box: [Ranges.Range], _ middle: [Ranges.Range], _ slopes: [Ranges.Range]
  ) -> Ranges.Range {
    var result = Ranges.Range(0, 0)
    for i in 0..<width where box[i].low < box[i].high {
      var gradient = Ranges.Range(0, 0)
      for term in terms {
        let own = Double(vectors[term.vector * width + i])
        let factor = Ranges.product(
          slopes[term.vector], (Double(term.coefficient), Double(term.coefficient)))
        let direction =
          kernel == .radial
          ? Ranges.product((2, 2), Ranges.sum(box[i], (-own, -own))) : Ranges.Range(own, own)
        gradient = Ranges.sum(gradient, Ranges.product(factor, direction))
      }
      let distance = Ranges.sum(box[i], (-middle[i].high, -middle[i].low))
      result = Ranges.sum(result, Ranges.product(gradient, distance))
    }
    return result
  }

  /// The inner product or the squared distance, and what the magnitudes of its terms add up to.
  private func argument(
    over box: [Ranges.Range], _ vector: Int
  ) -> (range: Ranges.Range, magnitude: Double) {
    var range = Ranges.Range(0, 0)
    var magnitude = 0.0
    for i in 0..<width {
      let own = Double(vectors[vector + i])
      guard kernel == .radial else {
        range = Ranges.sum(range, Ranges.product(box[i], (own, own)))
        magnitude += Ranges.magnitude(box[i]).high * abs(own)
        continue
      }
      range = Ranges.sum(range, Ranges.square(Ranges.sum(box[i], (-own, -own))))
    }
    guard kernel == .radial else { return (range, magnitude * (1 + 0x1p-30)) }
    return ((max(range.low, 0), range.high), range.high)
  }

  private func similarity(over box: [Ranges.Range], _ vector: Int) -> Similarity {
    let (argument, magnitude) = argument(over: box, vector)
    let values = value(argument)
    let error = error(of: argument, magnitude, Ranges.magnitude(values).high)
    return Similarity(
      range: values, slope: slope(argument), error: error.isNaN ? .infinity : error,
      magnitude: magnitude)
  }

  /// γ·s + c.
  private func base(_ argument: Ranges.Range) -> Ranges.Range {
    Ranges.sum(
      Ranges.product(argument, (Double(gamma), Double(gamma))), (Double(offset), Double(offset)))
  }

  /// γ·d².
  private func exponent(_ argument: Ranges.Range) -> Ranges.Range {
    Ranges.product(argument, (Double(gamma), Double(gamma)))
  }

  /// Elementary functions of `Double` are off by less than this share.
  private static func widened(_ a: Double, _ b: Double) -> Ranges.Range {
    let room = 0x1p-46 * max(abs(a), abs(b)) + 0x1p-1040
    return (min(a, b) - room, max(a, b) + room)
  }

  private func value(_ argument: Ranges.Range) -> Ranges.Range {
    switch kernel {
    case .linear: return argument
    case .radial:
      let power = exponent(argument)
      let range = Self.widened(PortableMath.exp(-power.high), PortableMath.exp(-power.low))
      return (max(range.low, 0), range.high)
    case .sigmoid:
      let base = base(argument)
      return Self.widened(PortableMath.tanh(base.low), PortableMath.tanh(base.high))
    case .polynomial: return Self.power(base(argument), Double(degree))
    }
  }

  /// xᵖ; unknown where it is for some x.
  private static func power(_ x: Ranges.Range, _ p: Double) -> Ranges.Range {
    let isWhole = p == p.rounded() && abs(p) < 0x1p20
    guard x.low > 0 || p >= 0 && (isWhole || x.low >= 0) else { return (-.infinity, .infinity) }
    var range = widened(PortableMath.pow(x.low, p), PortableMath.pow(x.high, p))
    if p > 0, x.low < 0, x.high > 0 { range.low = min(range.low, 0) }
    return range
  }

  private func slope(_ argument: Ranges.Range) -> Ranges.Range {
    let gamma = Double(gamma)
    switch kernel {
    case .linear: return (1, 1)
    case .radial: return Ranges.product(value(argument), (-gamma, -gamma))
    case .sigmoid:
      let square = Ranges.square(value(argument))
      return Ranges.product(
        (max((1 - square.high).nextDown, 0), (1 - square.low).nextUp), (gamma, gamma))
    case .polynomial:
      guard degree != 0 else { return (0, 0) }
      let factor = Ranges.product((gamma, gamma), (Double(degree), Double(degree)))
      return Ranges.product(Self.power(base(argument), Double(degree) - 1), factor)
    }
  }

  /// How far a similarity in `Float` may be from the exact one; `greatest` is the similarity's greatest magnitude.
  private func error(
    of argument: Ranges.Range, _ magnitude: Double, _ greatest: Double
  ) -> Double {
    let unit = OutwardRounding.unitRoundoff
    let ofSum = OutwardRounding.error(ofSum: width + 4, magnitude: magnitude)
    let (gamma, offset) = (abs(Double(gamma)), abs(Double(offset)))
    let ofBase = gamma * ofSum + 4 * unit * (gamma * magnitude + offset) + 0x1p-148
    switch kernel {
    case .linear: return ofSum
    case .sigmoid: return min(ofBase, 2) + 8 * unit
    case .radial: return radialError(exponent(argument), greatest)
    case .polynomial: return powerError(base(argument), ofBase)
    }
  }

  /// The exponent t is off by a share g of it, and e⁻ᵗ by at most g·t·e^(−(1 − g)·t), which is greatest near 1.
  private func radialError(_ exponent: Ranges.Range, _ greatest: Double) -> Double {
    let share = OutwardRounding.gamma(width + 6)
    guard share < 0.5 else { return .infinity }
    let rest = 8 * OutwardRounding.unitRoundoff * greatest + 0x1p-126
    let underflow = abs(Double(gamma)) * Double(width) * 0x1p-140 * greatest
    let worst: Double
    if gamma >= 0 {
      let t = min(max(1 / (1 - share), exponent.low), exponent.high)
      worst = share * t * PortableMath.exp(-(1 - share) * t)
    } else {
      let t = -exponent.low
      worst = share * t * PortableMath.exp((1 + share) * t)
    }
    return (worst + rest + underflow) * (1 + 0x1p-20)
  }

  /// The base is off by `error`; the power adds a few roundings for each factor.
  private func powerError(_ base: Ranges.Range, _ error: Double) -> Double {
    let p = Double(degree)
    guard p != 0 else { return 0 }
    let isWhole = p == p.rounded()
    guard p >= 1 && isWhole || base.low - error > 0 else { return .infinity }
    let greatest = Ranges.magnitude(base).high + error
    let place = p >= 1 ? greatest : base.low - error
    let slope = abs(p) * PortableMath.pow(place, p - 1)
    let size = PortableMath.pow(p > 0 ? greatest : place, p)
    let roundings = (16 + 2 * abs(p)) * OutwardRounding.unitRoundoff
    return (slope * error + roundings * size + 0x1p-126) * (1 + 0x1p-20)
  }
}
