import NeuralRuntime

/// How fast each maximum can rise with the distance from the sample: an affine function of the changes above it.
///
/// A change of an input is what is added to it, or what is taken from it, each at least 0. Each candidate lies below a
/// value at the sample plus slopes · changes, which follows from the candidates before it. The maximum lies below the
/// greatest of these values plus the greatest slopes; of the sum of changes, candidates that start lower by g first
/// have to make up for it, so that their slopes count less by g over the ceiling. That is the least concave function
/// above the maximum on the ball of radius ceiling.
struct DistortionCones: Sendable {
  struct Cone: Sendable {
    var start: Double
    /// Of the sum of changes one a change; of the greatest change a single one.
    var slopes: [Double]
  }

  /// An affine function of the changes: what is added to each input, then what is taken from it.
  private struct Line {
    var start: Double
    var slopes: [Double]
  }

  private(set) var cones: [Cone] = []

  /// Multiplications that they take.
  static func work(of model: DistortionModel) -> Int {
    let reads = model.form.maxima.reduce(0) { sum, maximum in
      sum
        + maximum.candidates.reduce(0) {
          $0 + 1 + $1.row.terms.count { $0.variable >= model.inputs }
        }
    }
    return reads * 2 * model.inputs
  }

  init(_ model: DistortionModel, over ranges: CandidateRanges, ceiling: Double) {
    /// Above each maximum, and above its negation.
    var above: [Line] = []
    var below: [Line] = []
    let form = model.form
    let (inputs, sample) = (model.inputs, model.sample)

    /// Above sign · row.
    func line(_ row: PiecewiseLinearForm.Row, _ sign: Double) -> Line {
      var sums = [Double](repeating: 0, count: 2 * inputs)
      var magnitudes = sums
      var start = sign > 0 ? row.upper : -row.lower
      var magnitude = abs(start)
      for term in row.terms {
        let factor = sign * term.factor
        guard term.variable >= inputs else {
          let part = factor * sample[term.variable]
          start += part
          magnitude += abs(part)
          sums[term.variable] += factor
          sums[inputs + term.variable] -= factor
          magnitudes[term.variable] += abs(factor)
          magnitudes[inputs + term.variable] += abs(factor)
          continue
        }
        let inner = (factor > 0 ? above : below)[term.variable - inputs]
        let scale = abs(factor)
        start += scale * inner.start
        magnitude += scale * abs(inner.start)
        for change in sums.indices {
          let part = scale * inner.slopes[change]
          sums[change] += part
          magnitudes[change] += abs(part)
        }
      }
      let unit = Double(row.terms.count + 4) * 0x1p-52
      for change in sums.indices { sums[change] += unit * magnitudes[change] + 0x1p-1000 }
      return Line(start: start + unit * magnitude + 0x1p-1000, slopes: sums)
    }

    for (number, maximum) in form.maxima.enumerated() {
      let live = ranges.live(number)
      let rises = live.map { line(maximum.candidates[$0].row, 1) }
      let start = rises.reduce(-Double.infinity) { max($0, $1.start) }
      /// What a slope counts less for, having started lower.
      let arrears = rises.map {
        min(0x1p500, max(0, ((start - $0.start).nextDown / ceiling).nextDown))
      }
      var slopes = [Double](repeating: -.infinity, count: 2 * inputs)
      for (rise, arrear) in zip(rises, arrears) {
        for change in slopes.indices {
          let slope =
            model.norm == .l1 ? (rise.slopes[change] - arrear).nextUp : rise.slopes[change]
          slopes[change] = max(slopes[change], slope)
        }
      }
      above.append(Line(start: start, slopes: slopes))
      let falls = maximum.candidates.map { line($0.row, -1) }
      // The maximum is at least any of its candidates: the one that starts highest is the best near the sample.
      below.append(falls.min { $0.start < $1.start } ?? Line(start: .infinity, slopes: slopes))
      switch model.norm {
      case .l1: cones.append(Cone(start: start, slopes: slopes))
      case .linf:
        let slope = zip(rises, arrears).reduce(-Double.infinity) {
          max($0, (Self.together($1.0.slopes, in: model) - $1.1).nextUp)
        }
        cones.append(Cone(start: start, slopes: [slope]))
      }
    }
  }

  /// The slope along the greatest change: each input changes to the one side or the other as far as all.
  private static func together(_ slopes: [Double], in model: DistortionModel) -> Double {
    var (sum, magnitude) = (0.0, 0.0)
    for (input, x) in model.sample.enumerated() {
      let up = model.form.upper[input] > x ? slopes[input] : 0
      let down = model.form.lower[input] < x ? slopes[model.inputs + input] : 0
      let most = max(0, up, down)
      sum += most
      magnitude += most
    }
    return sum + magnitude * Double(model.inputs + 4) * 0x1p-52
  }
}
