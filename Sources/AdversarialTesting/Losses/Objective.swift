import EngineSupport
import TensorCore

/// A goal worked out for the rows of one batch: margins of outputs, and the direction in output space that
/// brings an alternative nearer.
struct Objective: Sendable {
  let goal: AttackGoal
  let labels: [Int]
  let outputs: Int
  /// Clean outputs of every row, for a deviation; else empty.
  let references: [Double]

  /// - Throws: `test.goal.shape` when the goal does not fit the outputs.
  init(
    _ goal: AttackGoal, labels: [Int], outputs: Int, references: [Double]
  ) throws(Diagnostic) {
    try Self.check(goal, labels: labels, outputs: outputs)
    self.goal = goal
    self.labels = labels
    self.outputs = outputs
    self.references = references
  }

  private static func check(
    _ goal: AttackGoal, labels: [Int], outputs: Int
  ) throws(Diagnostic) {
    var classes = outputs
    var terms: [OutputInequality] = []
    switch goal {
    case .misclassification, .classification: break
    case .concealed(let count, let conditions): (classes, terms) = (count, conditions)
    case .deviation(let tolerance):
      guard tolerance.isFinite, tolerance >= 0 else {
        throw Diagnostic("test.goal.shape", "a tolerance is finite and not negative")
      }
    case .violation(let alternatives):
      terms = Array(alternatives.joined())
      guard !alternatives.isEmpty, alternatives.allSatisfy({ !$0.isEmpty }) else {
        throw Diagnostic("test.goal.shape", "a violation has alternatives with inequalities")
      }
    case .stream(let stream):
      guard stream.fits(outputs: outputs, labels: labels) else {
        throw Diagnostic(
          "test.goal.shape",
          "a goal about \(stream.windows) windows of \(stream.outputs) outputs does not fit the model's "
            + "\(outputs), its labels or its rule")
      }
      return
    }
    guard
      terms.allSatisfy({ term in
        term.coefficients.count == outputs && term.bound.isFinite
          && term.coefficients.allSatisfy(\.isFinite)
      })
    else {
      throw Diagnostic(
        "test.goal.shape",
        "an inequality needs one finite coefficient for each of \(outputs) outputs")
    }
    guard
      !goal.isAboutClasses
        || classes >= 2 && classes <= outputs && labels.allSatisfy({ $0 >= 0 && $0 < classes })
    else {
      throw Diagnostic("test.goal.shape", "a label names no class of the model's \(classes)")
    }
  }

  /// Whether every output is a class's logit, so that cross-entropy and logit ratios mean something.
  var isClassification: Bool {
    switch goal {
    case .misclassification, .classification: true
    case .deviation, .violation, .concealed, .stream: false
    }
  }

  /// Whether the outputs are those of a stream's windows; the loss over all of them stands for cross-entropy.
  var isStream: Bool { if case .stream = goal { true } else { false } }

  /// Alternatives are numbered `0..<alternativeCount`; for misclassification by class, the label's included.
  var alternativeCount: Int {
    switch goal {
    case .misclassification: outputs
    case .classification: 1
    case .concealed(let classes, _): classes
    case .deviation: 2 * outputs
    case .violation(let alternatives): alternatives.count
    case .stream(let goal): goal.windows * goal.alternativesOfWindow
    }
  }

  func isAlternative(_ number: Int, row: Int) -> Bool {
    switch goal {
    case .misclassification, .concealed: number != labels[row]
    case .classification, .deviation, .violation: true
    case .stream(let goal): isAlternative(number, of: goal, row: row)
    }
  }

  /// Negative when the goal is reached.
  func margin<Score: BinaryFloatingPoint>(_ scores: [Score], at place: Int, row: Int) -> Score {
    if goal == .misclassification {
      let label = labels[row]
      var best = -Score.infinity
      for index in 0..<outputs where index != label {
        best = max(best, scores[place * outputs + index])
      }
      return scores[place * outputs + label] - best
    }
    if case .stream(let goal) = goal { return margin(of: goal, scores, at: place, row: row) }
    var smallest = Score.infinity
    for number in 0..<alternativeCount where isAlternative(number, row: row) {
      smallest = min(smallest, gap(of: number, scores, at: place, row: row))
    }
    return smallest
  }

  /// How far one alternative is from being reached; negative when it is.
  func gap<Score: BinaryFloatingPoint>(
    of number: Int, _ scores: [Score], at place: Int, row: Int
  ) -> Score {
    let start = place * outputs
    switch goal {
    case .misclassification: return scores[start + labels[row]] - scores[start + number]
    case .classification:
      let target = labels[row]
      let rival = highest(scores, at: place, besides: target)
      return scores[start + rival] - scores[start + target]
    case .concealed(_, let conditions):
      let gap = scores[start + labels[row]] - scores[start + number]
      return max(gap, Score(tightest(of: conditions, scores, start).shortfall))
    case .deviation(let tolerance):
      let change =
        Double(scores[start + number / 2]) - references[row * outputs + number / 2]
      return Score(tolerance - (number % 2 == 0 ? change : -change))
    case .violation(let alternatives):
      return Score(tightest(of: alternatives[number], scores, start).shortfall)
    case .stream(let goal): return gap(of: number, of: goal, scores, at: place, row: row)
    }
  }

  /// The nearest alternative; the lowest number of equal ones.
  func nearest(_ scores: [Float], at place: Int, row: Int) -> Int {
    var best = -1
    var smallest = Float.infinity
    for number in 0..<alternativeCount where isAlternative(number, row: row) {
      let gap = gap(of: number, scores, at: place, row: row)
      if best < 0 || gap < smallest { (best, smallest) = (number, gap) }
    }
    return best
  }

  /// All alternatives, nearest first.
  func ranked(_ scores: [Float], at place: Int, row: Int) -> [Int] {
    let gaps: [Float] = (0..<alternativeCount).map {
      isAlternative($0, row: row) ? gap(of: $0, scores, at: place, row: row) : .infinity
    }
    let numbers = (0..<alternativeCount).filter { isAlternative($0, row: row) }
    return numbers.sorted { (a: Int, b: Int) -> Bool in
      gaps[a] < gaps[b] || gaps[a] == gaps[b] && a < b
    }
  }

  /// Adds the direction of outputs that shrinks an alternative's gap, times `weight`.
  func addDirection(
    towards number: Int, _ scores: [Float], at place: Int, row: Int, weight: Float,
    to cotangent: inout [Float]
  ) {
    let start = place * outputs
    switch goal {
    case .misclassification:
      cotangent[start + labels[row]] -= weight
      cotangent[start + number] += weight
    case .classification:
      cotangent[start + labels[row]] += weight
      cotangent[start + highest(scores, at: place, besides: labels[row])] -= weight
    case .concealed(_, let conditions):
      let gap = scores[start + labels[row]] - scores[start + number]
      let condition = tightest(of: conditions, scores, start)
      if Float(condition.shortfall) > gap {
        add(conditions[condition.index], start: start, weight: weight, to: &cotangent)
      } else {
        cotangent[start + labels[row]] -= weight
        cotangent[start + number] += weight
      }
    case .deviation:
      let signed: Float = number % 2 == 0 ? weight : -weight
      cotangent[start + number / 2] += signed
    case .violation(let alternatives):
      let term = alternatives[number][tightest(of: alternatives[number], scores, start).index]
      add(term, start: start, weight: weight, to: &cotangent)
    case .stream(let goal):
      addDirection(
        towards: number, of: goal, scores, at: place, row: row, weight: weight, to: &cotangent)
    }
  }

  private func add(
    _ term: OutputInequality, start: Int, weight: Float, to cotangent: inout [Float]
  ) {
    for index in 0..<outputs {
      cotangent[start + index] += weight * Float(term.coefficients[index])
    }
  }

  func highest<Score: BinaryFloatingPoint>(
    _ scores: [Score], at place: Int, besides label: Int
  ) -> Int {
    var best = label == 0 ? 1 : 0
    for index in 0..<outputs
    where index != label && scores[place * outputs + index] > scores[place * outputs + best] {
      best = index
    }
    return best
  }

  /// The inequality furthest from holding.
  private func tightest<Score: BinaryFloatingPoint>(
    of terms: [OutputInequality], _ scores: [Score], _ start: Int
  ) -> (index: Int, shortfall: Double) {
    var worst = (index: 0, shortfall: -Double.infinity)
    for (index, term) in terms.enumerated() {
      var sum = 0.0
      for output in 0..<outputs {
        sum += term.coefficients[output] * Double(scores[start + output])
      }
      if term.bound - sum > worst.shortfall { worst = (index, term.bound - sum) }
    }
    return worst
  }
}
